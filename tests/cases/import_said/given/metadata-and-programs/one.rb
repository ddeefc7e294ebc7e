require_relative '../lib/helpers'
# A
ONEAPP_A = env :ONEAPP_A, 1
OF_A = env :ONEAPP_OF_A, 1
