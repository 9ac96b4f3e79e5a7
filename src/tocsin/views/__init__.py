"""Folds of the journal into what a page shows. Delete one, replay, get it back."""
