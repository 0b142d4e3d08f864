"""Tables made from the tables: statistics, theory beside measurement, and what single figures need."""
