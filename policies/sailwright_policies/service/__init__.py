"""Services: their ports and protocols, the pods they select, and who calls them."""
