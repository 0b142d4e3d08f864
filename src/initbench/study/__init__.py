"""What is to be done: from a configuration to cells, shards and jobs."""
