"""The panel: controls, pages and what assembles them."""
