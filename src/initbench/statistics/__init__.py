"""What the runs say about the schemes, and how sure that is: exact paired tests within a block, Holm, effect sizes."""
