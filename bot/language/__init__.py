"""Reading what people write: pure functions over text, with no shop, no talk and no database."""
