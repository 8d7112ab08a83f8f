"""The values that all stages share: frozen, slotted, without behaviour beyond their own arithmetic."""
