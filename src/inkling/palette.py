"""The palette of all pictures that Inkling draws.

Okabe and Ito's, told apart by every kind of colour vision; see their "Color universal design", 2008.
"""

BLUE, VERMILION, GREEN = "#0072B2", "#D55E00", "#009E73"
INK, GREY, FAINT = "#222222", "#777777", "#E4E4E4"
