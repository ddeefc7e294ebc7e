"""The language of declarations: kinds, limits, conditions, variables, rules and appliances, all of them data."""
