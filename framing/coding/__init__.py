"""Human coding: samples, sheets, what coders said, and what it tells of the machine."""
