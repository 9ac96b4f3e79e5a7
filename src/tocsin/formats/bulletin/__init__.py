"""A bulletin as people get it: text, page, widget, PDF, mail, Atom. All show the words that were approved."""
