require_relative '../lib/helpers'
ONEAPP_A = env :ONEAPP_A, 'a\'b\\c'
