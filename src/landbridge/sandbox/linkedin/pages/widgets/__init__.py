"""What an ATS puts into its own pages: the loader, and the widgets it loads, each in a frame served from here.

loader.js      ``/xdoor/scripts/in.js``: reads its settings, loads the extensions, turns ``IN/...`` elements into frames
extension.py   the addresses of the extensions, and which pages may load them
onboarding.py  ``IN/ATSIntegrationWidget``        member.py  ``IN/HcmWidget``
frame.js       inside a frame: tells the page around it what happened, and how high the frame has to be
"""
