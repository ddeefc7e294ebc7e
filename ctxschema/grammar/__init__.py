"""USER_INPUTS strings and template text, to trees and back."""
