package banque

import (
	"maps"
	"slices"
)

// motifs says in a sentence what each reason code of a bank means and who must
// act. Codes: ISO 20022 external code sets, ExternalStatusReason1Code for a
// rejection and ExternalReturnReason1Code for a return (domain.md 4, I2).
var motifs = map[string]string{
	"AB05": "La banque du bénéficiaire n’a pas répondu dans les délais. La comptabilité remet le règlement en paiement.",
	"AB06": "Le virement n’a pas abouti dans les délais. La comptabilité remet le règlement en paiement.",
	"AC01": "Le numéro de compte du bénéficiaire est faux ou n’existe pas. Le bénéficiaire doit envoyer un nouveau RIB.",
	"AC02": "Le numéro du compte de l’OPCO est faux. La comptabilité corrige le compte payeur avec la banque.",
	"AC03": "Le numéro de compte du bénéficiaire n’est pas valable. Le bénéficiaire doit envoyer un nouveau RIB.",
	"AC04": "Le compte du bénéficiaire est clos. Le bénéficiaire doit envoyer un nouveau RIB.",
	"AC05": "Le compte de l’OPCO est clos. La comptabilité choisit un autre compte payeur.",
	"AC06": "Le compte est bloqué. Le bénéficiaire doit voir sa banque ou envoyer un autre RIB.",
	"AC07": "Le compte du bénéficiaire est clos. Le bénéficiaire doit envoyer un nouveau RIB.",
	"AC13": "Ce type de compte ne peut pas recevoir ce virement. Le bénéficiaire doit envoyer un autre RIB.",
	"AC14": "Ce type de compte ne peut pas recevoir ce virement. Le bénéficiaire doit envoyer un autre RIB.",
	"AG01": "Ce compte n’accepte pas les virements, par exemple parce que c’est un livret. Le bénéficiaire doit envoyer le RIB d’un compte courant.",
	"AG02": "Le code d’opération n’est pas admis par la banque. L’équipe d’exploitation vérifie le fichier avec la banque.",
	"AG03": "Ce type d’opération n’est pas permis sur ce compte. Le bénéficiaire doit envoyer un autre RIB.",
	"AGNT": "La banque indiquée pour le virement n’est pas la bonne. Le bénéficiaire doit envoyer un nouveau RIB.",
	"AM01": "Le montant du virement est nul. L’équipe d’exploitation vérifie le lot.",
	"AM02": "Le montant dépasse ce que la banque autorise. La comptabilité demande à la banque de relever le plafond.",
	"AM03": "La devise du virement n’est pas admise. L’équipe d’exploitation vérifie le fichier.",
	"AM04": "Le compte de l’OPCO n’était pas assez approvisionné. La comptabilité approvisionne le compte, puis remet le règlement en paiement.",
	"AM05": "La banque a déjà reçu ce virement et refuse le double. La comptabilité vérifie sur le relevé s’il a été payé avant tout nouvel envoi.",
	"AM06": "Le montant est inférieur au minimum de la banque. La comptabilité groupe ce règlement avec un autre.",
	"AM07": "Le montant a été bloqué par une autorité. La comptabilité appelle la banque.",
	"AM09": "Le montant ne correspond pas à ce qui était attendu. La comptabilité vérifie le règlement avec la banque.",
	"AM10": "Le total de contrôle du fichier ne correspond pas à la somme des virements : rien n’a été payé. L’équipe d’exploitation vérifie le fichier envoyé.",
	"AM18": "Le nombre de virements annoncé ne correspond pas au contenu du fichier : rien n’a été payé. L’équipe d’exploitation vérifie le fichier envoyé.",
	"AM23": "Le total du lot dépasse le plafond convenu avec la banque. La comptabilité partage le lot ou fait relever le plafond.",
	"ARDT": "Ce virement a déjà été retourné. La comptabilité vérifie le relevé.",
	"BE01": "L’identité du bénéficiaire ne correspond pas au titulaire du compte. Le bénéficiaire doit confirmer son RIB ; la comptabilité vérifie qu’il ne s’agit pas d’une fraude.",
	"BE04": "L’adresse du bénéficiaire manque ou n’est pas valable pour la banque. La comptabilité la complète avec le bénéficiaire.",
	"BE05": "La banque ne reconnaît pas l’émetteur du virement. La comptabilité vérifie avec elle la convention d’envoi.",
	"BE06": "Le bénéficiaire n’est pas connu à ce numéro de compte. Le bénéficiaire doit envoyer un nouveau RIB.",
	"BE07": "L’adresse de l’OPCO manque ou n’est pas valable pour la banque. La comptabilité vérifie la convention d’envoi.",
	"BE16": "L’identifiant de l’émetteur n’est pas valable. La comptabilité vérifie avec la banque la convention d’envoi.",
	"BE17": "L’identifiant du bénéficiaire n’est pas valable. Le bénéficiaire doit confirmer ses coordonnées.",
	"CH03": "La date d’exécution demandée est trop lointaine. La comptabilité refait le lot avec une date plus proche.",
	"CNOR": "La banque du bénéficiaire n’est pas joignable pour ce virement. Le bénéficiaire doit envoyer le RIB d’une autre banque.",
	"CURR": "La devise du virement n’est pas la bonne. L’équipe d’exploitation vérifie le fichier.",
	"CUST": "Le virement a été retourné à la demande du client. La comptabilité appelle le bénéficiaire.",
	"DNOR": "La banque de l’OPCO n’est pas enregistrée pour ce virement. La comptabilité appelle la banque.",
	"DS02": "L’ordre de virement a été annulé. La comptabilité vérifie qui l’a demandé.",
	"DS0H": "La personne qui a signé l’envoi n’y est pas autorisée. La comptabilité fait signer le lot par une personne habilitée.",
	"DT01": "La date d’exécution n’est pas valable. La comptabilité refait le lot avec un jour ouvré bancaire.",
	"DT04": "La date d’exécution demandée n’est pas admise. La comptabilité refait le lot avec un jour ouvré bancaire.",
	"DT06": "La banque a changé la date d’exécution. Personne n’a rien à faire : le règlement suit son cours.",
	"DU01": "La banque a déjà reçu un fichier sous cette référence. La comptabilité vérifie sur le relevé ce qui a été payé avant tout nouvel envoi.",
	"DU02": "La banque a déjà reçu un lot sous cette référence. La comptabilité vérifie sur le relevé ce qui a été payé avant tout nouvel envoi.",
	"DU03": "La banque a déjà reçu ces virements. La comptabilité vérifie sur le relevé ce qui a été payé avant tout nouvel envoi.",
	"DU04": "La banque a déjà reçu un virement sous cette référence. La comptabilité vérifie sur le relevé s’il a été payé avant tout nouvel envoi.",
	"DUPL": "Le virement a été pris pour un double. La comptabilité vérifie le relevé avant tout nouvel envoi.",
	"ED05": "Le règlement entre les banques a échoué. La comptabilité remet le règlement en paiement.",
	"FF01": "Le format du fichier n’est pas valable : rien n’a été payé. L’équipe d’exploitation vérifie le fichier envoyé.",
	"FF05": "L’instrument de paiement n’est pas admis. L’équipe d’exploitation vérifie le fichier avec la banque.",
	"FOCR": "Le virement a été rappelé, et le bénéficiaire l’a accepté. La comptabilité constate le retour des fonds.",
	"FR01": "La banque soupçonne une fraude. La comptabilité suspend les paiements vers ce compte et appelle la banque.",
	"FRAD": "Le virement est déclaré frauduleux. La comptabilité suspend les paiements vers ce compte et appelle la banque.",
	"MD07": "Le titulaire du compte est décédé. La comptabilité prend contact avec la succession ; aucun nouvel envoi n’est fait sur ce compte.",
	"MS02": "Le titulaire du compte a refusé le virement sans dire pourquoi. La comptabilité appelle le bénéficiaire.",
	"MS03": "La banque a refusé le virement sans dire pourquoi. La comptabilité appelle la banque.",
	"NARR": "La banque a écrit le motif en toutes lettres. La comptabilité le lit dans la précision de la banque.",
	"NOAS": "Le bénéficiaire n’a pas répondu à la banque. La comptabilité appelle le bénéficiaire.",
	"NOOR": "La banque ne retrouve pas le virement d’origine. La comptabilité le recherche avec elle.",
	"RC01": "Le code de la banque du bénéficiaire (BIC) n’est pas valable. Le bénéficiaire doit envoyer un nouveau RIB.",
	"RC03": "La banque de l’OPCO n’est pas reconnue. La comptabilité corrige le compte payeur avec la banque.",
	"RC04": "La banque du bénéficiaire n’est pas reconnue. Le bénéficiaire doit envoyer un nouveau RIB.",
	"RF01": "La référence du virement n’est pas unique. La comptabilité vérifie sur le relevé s’il a été payé avant tout nouvel envoi.",
	"RR01": "La réglementation exige le compte ou l’identifiant du donneur d’ordre. La comptabilité appelle la banque.",
	"RR02": "La réglementation exige le nom ou l’adresse du donneur d’ordre. La comptabilité appelle la banque.",
	"RR03": "La réglementation exige le nom ou l’adresse du bénéficiaire. La comptabilité les complète avec le bénéficiaire.",
	"RR04": "La banque a refusé le virement pour une raison réglementaire. La comptabilité appelle la banque.",
	"SVNR": "Le service demandé n’a pas été rendu. La comptabilité appelle la banque.",
	"TM01": "Le fichier est arrivé après l’heure limite de la banque. La comptabilité vérifie s’il est reporté au lendemain avant tout nouvel envoi.",
	"UPAY": "Le paiement n’était pas dû selon la banque du bénéficiaire. La comptabilité appelle le bénéficiaire.",
}

// Motif says in French what the ISO reason code means and who must act. A code
// that is not in the catalogue, or "", has a sentence too.
func Motif(code string) string {
	if s, ok := motifs[code]; ok {
		return s
	}
	if code == "" {
		return "La banque n’a pas donné de motif. La comptabilité appelle la banque."
	}
	return "La banque donne le motif « " + code + " », absent du catalogue. La comptabilité demande à la banque ce qu’il veut dire."
}

// Motifs returns the codes of the catalogue, sorted: what a screen may propose
// and what the simulator may answer.
func Motifs() []string { return slices.Sorted(maps.Keys(motifs)) }
