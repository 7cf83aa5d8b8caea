# Signing up and in.

sign-in-title = Sign in
sign-in-password = Sign in with a password
sign-in-go = Sign in
sign-in-by-code = Sign in with a code
sign-in-code-hint = We send you a code that works once; no password to remember.
sign-in-new = New here?
sign-up-title = Sign up
sign-up-go = Create an account
sign-up-known = Already have an account?
sign-out = Sign out
login-hint = To sign in with; never shown to others.
display-name = Name shown
display-name-hint = What others see, such as “Mr Lin” or “Amy in Shuangjing”.
password-hint = At least { $count } characters; a few words in a row are easy to remember.
home-place = Sub-district you live in
home-place-hint = To show what is near; only the sub-district, and you can change it any time.
consent-terms = I agree to the
consent-privacy = I have read and agree to the

code-title = Enter the code
code-sent = A code is on its way to { $to }.
code-holds = { $count ->
    [one] It holds for one minute.
   *[other] It holds for { $count } minutes.
}
code-in-console = This is a demo: the code stands in the window in which the program was started.
code-label = Code of { $count } digits
code-send = Send the code
code-go = Check and sign in
code-again = Nothing came, send another

demo-accounts = Demo accounts
demo-accounts-hint = They exist only in the demo city. Help yourself.

demo-role-resident = Resident
demo-role-shop-owner = Shop owner
demo-role-recycler-owner = Recycler’s owner
demo-role-dispatcher = Dispatcher
demo-role-collector = Collector
demo-role-station = Station clerk
demo-role-mall-manager = Mall manager
demo-role-mall-clerk = Mall clerk
demo-role-market-operator = Market operator
demo-role-market-clerk = Market clerk
demo-role-packaging-operator = Packaging operator
demo-role-administrator = Administrator
demo-role-moderator = Moderator
demo-role-support = Support
demo-role-assessor = Assessor
demo-role-authority = Authority
demo-role-statistician = Statistician
