"""Where a member meets a product: basket, order, payment, return; and what falls due."""
