"""The report: the table of contents, the data of each section, the templates and the page made of them."""
