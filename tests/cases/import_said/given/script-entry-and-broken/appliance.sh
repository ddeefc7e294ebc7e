ONE_SERVICE_NAME=''
ONE_SERVICE_SHORT_DESCRIPTION=""
ONE_SERVICE_PARAMS=(
    'ONEAPP_A' 'configure' 'A of the script' 'O|text'
    'ONEAPP_B' 'configure'
)
