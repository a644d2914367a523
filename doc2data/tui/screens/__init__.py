"""The seven places and the dialogs, each with its style sheet beside it."""
