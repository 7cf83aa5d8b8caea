# Organisations.

organisation-new = Create an organisation
organisation-kind = What kind
organisation-name = Name
organisation-name-hint = As on the licence; without one, the name people know.
organisation-go = Create the organisation
organisation-rename = Change the name
organisation-rename-go = Save the name
licence-number = Unified social credit code
licence-number-hint = The 18 characters on the business licence. Leave it out if you are exempt from registration.
licence-change = Enter or replace the licence
licence-go = Send the licence
members = Members ({ $count })
member-me = me
member-add = Add a member
member-add-hint = The phone or e-mail they signed up with.
member-go = Add the member
member-remove = Remove
member-leave = Leave
member-role-go = Change the role

organisation-means-seller-shop = sells used goods; buyers see its licence
organisation-means-recycler = collects at the door, weighs, brings it to a station
organisation-means-mall = applies to be a green mall and gathers evidence
organisation-means-market = runs a used-goods market, lets stalls, sells on consignment
organisation-means-packaging-operator = provides parcel packaging that comes back
