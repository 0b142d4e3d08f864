"""The first picture of the page and what a reader explores: data, marks that need no script, and the page's script."""
