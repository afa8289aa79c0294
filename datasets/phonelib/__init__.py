# SPDX-License-Identifier: MIT
"""What datasets/make-phones is made of."""
