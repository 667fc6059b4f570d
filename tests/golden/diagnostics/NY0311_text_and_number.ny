fn label(number: int) { return "line " + number }
