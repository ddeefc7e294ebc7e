require_relative '../lib/helpers'
# B
ONEAPP_B = env :ONEAPP_B, 1
OF_B = env :ONEAPP_OF_B, 1
# A of another
ONEAPP_A = env :ONEAPP_A, 2
