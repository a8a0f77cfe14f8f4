"""TCP: settings that a port's effective protocol makes inert or harmful (routing facts B01 to B37)."""
