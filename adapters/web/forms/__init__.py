"""The forms by which people act: made from the commands' own fields, worded in `words/`."""
