package opco

// NfkdSansMarques is nfkdSansMarques, for the comparison with golang.org/x/text.
var NfkdSansMarques = nfkdSansMarques
