package opco_test

import (
	"strings"
	"testing"

	"guichet/opco"
)

func TestParseEmail(t *testing.T) {
	verifierLectures(t, "email", opco.ParseEmail, []lecture{
		{"case", "Anne.Dupont@Exemple.FR", "anne.dupont@exemple.fr", ""},
		{"spaces and final dot", "  a@b.fr. ", "a@b.fr", ""},
		{"no-break space at an end", "\u00a0a@b.fr", "a@b.fr", ""},
		{"a label is kept", "anne+opco@exemple.fr", "anne+opco@exemple.fr", ""},
		{"apostrophe", "o'brien@exemple.ie", "o'brien@exemple.ie", ""},
		{"punycode", "a@xn--caf-dma.fr", "a@xn--caf-dma.fr", ""},
		{"Turkish case rules do not apply", "IRIS@EXEMPLE.FR", "iris@exemple.fr", ""},
		{"254 characters", strings.Repeat("a", 60) + "@" + strings.Repeat("b123456789.", 17) + "exe.fr", strings.Repeat("a", 60) + "@" + strings.Repeat("b123456789.", 17) + "exe.fr", ""},
		{"Cyrillic imitation", "аdmin@exemple.fr", "", "« а »"},
		{"dotted capital İ", "İris@exemple.fr", "", "« İ »"},
		{"Kelvin sign", "\u212aim@exemple.fr", "", "sans accent"},
		{"accented domain", "a@café.fr", "", "xn--"},
		{"no-break space inside", "a\u00a0b@c.fr", "", "sans accent"},
		{"zero-width space", "ad\u200bmin@exemple.fr", "", "sans accent"},
		{"header injection", "a@b.fr\r\nBcc: x@y.fr", "", "une seule ligne"},
		{"a final line end", "a@b.fr\n", "", "une seule ligne"},
		{"NUL", "a@b.fr\x00", "", "une seule ligne"},
		{"invalid UTF-8", "a\xff@b.fr", "", "une seule ligne"},
		{"quoted local part", `"a b"@c.fr`, "", "n’est pas une adresse"},
		{"quoted plain local part", `"ab"@c.fr`, "", "n’est pas une adresse"},
		{"IP literal", "a@[127.0.0.1]", "", "n’est pas une adresse"},
		{"IP address", "a@127.0.0.1", "", "n’est pas une adresse"},
		{"IPv6 address", "a@::1", "", "n’est pas une adresse"},
		{"a last label of digits", "a@b.123", "", "n’est pas une adresse"},
		{"two addresses", "a@b.fr, c@d.fr", "", "une seule"},
		{"two addresses, semicolon", "a@b.fr;c@d.fr", "", "une seule"},
		{"display name", "Anne <a@b.fr>", "", "n’est pas une adresse"},
		{"encoded display name", "=?utf-8?Q?=0ABcc?= <a@b.fr>", "", "n’est pas une adresse"},
		{"comment", "a(x)@b.fr", "", "n’est pas une adresse"},
		{"two signs", "a@b@c.fr", "", "n’est pas une adresse"},
		{"no domain", "anne", "", "n’est pas une adresse"},
		{"host alone", "root@localhost", "", "n’est pas une adresse"},
		{"empty label", "a@b..fr", "", "n’est pas une adresse"},
		{"underscore in the domain", "a@b_c.fr", "", "n’est pas une adresse"},
		{"dash at an end", "a@-b.fr", "", "n’est pas une adresse"},
		{"double dot", "a..b@c.fr", "", "n’est pas une adresse"},
		{"local part of 65", strings.Repeat("a", 65) + "@b.fr", "", "n’est pas une adresse"},
		{"255 characters", "a@" + strings.Repeat("b.", 125) + "fra", "", "trop longue"},
		{"a megabyte", strings.Repeat("a", 1<<20), "", "trop longue"},
		{"nothing", "  ", "", "Indiquez"},
	})
	if got := opco.Email("a@b.fr").Domaine(); got != "b.fr" {
		t.Errorf("domain: got %q", got)
	}
}
