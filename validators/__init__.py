"""Pure rules, one function each: (event, context) -> findings. RULES in registry.py is the explicit order."""
