"""The card that explains a number, and the sheet it writes on."""
