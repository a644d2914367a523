"""Rules that join clues into one text: naming a thing without its name, arithmetic over cells, follow-up questions."""
