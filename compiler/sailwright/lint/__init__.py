"""Judge: run the rules over every World, and answer for what was suppressed, known before or fixed."""
