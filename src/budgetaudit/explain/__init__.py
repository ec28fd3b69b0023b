"""Why a relation does not hold: how likely rounding is, which slip would explain it, which convention a document follows."""
