"""Relations weighed in arrays: the same verdicts as one budget at a time, for millions of figures. Needs numpy and pyarrow."""
