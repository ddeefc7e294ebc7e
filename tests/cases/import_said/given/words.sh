ONE_SERVICE_PARAMS=(
    'ONEAPP_LABEL'     'configure' 'Label'      'O|text|Label'
    'ONEAPP_RANGE'     'configure' 'Range'      'O|range|Range|1..5'
    'ONEAPP_BLANKS'    'configure' 'Blanks'     'O|list |Blanks|a,b'
    'ONEAPP_COMPUTED'  'configure' 'Computed'   'O|number'
    'ONEAPP_GIVEN'     'configure' 'Given'      'O|text|Given| |given'
    'ONEAPP_MANY'      'configure' 'Many'       'O|text|Many| |given|more'
    'ONEAPP_HIDDEN'    'configure' 'Hidden'     ''
)
ONEAPP_COMPUTED="${ONEAPP_COMPUTED:-$(nproc)}"
ONEAPP_GIVEN="${ONEAPP_GIVEN:-$(hostname)}"
ONEAPP_HIDDEN="${ONEAPP_HIDDEN:-$(nproc)}"
