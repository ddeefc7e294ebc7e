ONE_SERVICE_PARAMS=( 'ONEAPP_A' configure A 'O|text64' 'ONEAPP_B' configure B 'O|text' 'ONEAPP_C' configure C 'O|password' )
ONEAPP_A="${ONEAPP_A:-$(pwgen)}"
ONEAPP_B="${ONEAPP_B:-$(pwgen)}"
ONEAPP_C="${ONEAPP_C:-$(pwgen)}"
