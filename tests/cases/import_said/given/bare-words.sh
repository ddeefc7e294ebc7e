ONE_SERVICE_PARAMS=(
    'ONEAPP_EMPTY'     'configure' 'Empty'      'given'
    'ONEAPP_NONE'      'configure' 'None'       'None'
    'ONEAPP_LESS'      'configure' 'Less'       '-5'
    'ONEAPP_COMPUTED'  'configure' 'Computed'   ''
    'ONEAPP_LATER'     'configure' 'Later'      ''
    'ONEAPP_A_CLOCK_SET' 'configure' 'Grouped'  'x'
)
ONEAPP_EMPTY="${ONEAPP_EMPTY:-}"
ONEAPP_COMPUTED="${ONEAPP_COMPUTED:-$(nproc)}"
ONEAPP_LATER="${ONEAPP_LATER:-later}"
