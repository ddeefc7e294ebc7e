ONE_SERVICE_PARAMS=( 'ONEAPP_A' configure A 'O|text' 'ONEAPP_B' configure B 'O|text64' 'ONEAPP_C' configure C 'O|text' )
ONEAPP_A="${ONEAPP_A:-$(hostname)}"
ONEAPP_B="${ONEAPP_B:-$(pwgen)}"
