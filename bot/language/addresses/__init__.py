"""Where a parcel goes: recipients, phones and places in the ways people type and paste them."""
