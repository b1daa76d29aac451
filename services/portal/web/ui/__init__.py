"""What every area draws with: language, labels, forms, theme, style; no request, no area."""
