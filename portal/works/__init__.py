"""Work and money of a contract: items, weekly progress, kurva-S, warnings, payments."""
