"""The night: what time brings, part by part, made up for where nights were missed."""
