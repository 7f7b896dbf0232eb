"""What makes a run of the study: its kernel, its folder, its pages, what is checked and compared."""
