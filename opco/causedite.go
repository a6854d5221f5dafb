package opco

// cleCause names a line of the table of diagnostics; "" stands for any.
type cleCause struct {
	nature   NatureIncident
	activite string
	classe   Classe
}

// diagnostics say each cause. A line says only what is its own: Cause.Dire takes the rest
// from a wider one.
var diagnostics = map[cleCause]Diagnostic{
	// What an answer of each class means, whatever failed.
	{"", "", ClasseInjoignable}: {Pourquoi: "L’autre côté ne répond pas : il est arrêté, ou le réseau est coupé.", Conseil: "Rétablissez-le. Guichet réessaie seul ; « Réessayer » évite d’attendre le prochain essai."},
	{"", "", ClasseLimite}:      {Pourquoi: "L’autre côté demande de revenir plus tard : un quota est sans doute atteint.", Conseil: "Relevez le quota, ou laissez passer le temps : Guichet réessaie seul."},
	{"", "", ClasseRefus}:       {Pourquoi: "L’autre côté refuse définitivement : essayer encore donnera le même refus.", Conseil: "Corrigez ce qui est refusé, puis réessayez."},
	{"", "", ClasseAcces}:       {Pourquoi: "L’autre côté refuse notre accès : mot de passe, certificat ou droit d’écriture.", Conseil: "Corrigez l’accès dans la configuration, redémarrez l’exécutant, puis réessayez."},
	{"", "", ClasseDisque}:      {Pourquoi: "Le disque est plein.", Conseil: "Libérez de la place. Rien n’est perdu : Guichet reprend seul dès qu’il peut écrire."},
	{"", "", ClasseContrainte}:  {Pourquoi: "La base refuse une écriture qui romprait une règle : une donnée a été changée hors de Guichet, ou deux actes se contredisent.", Conseil: "Ne forcez rien. Lancez la vérification du dossier, puis réhydratez si elle le propose."},
	{"", "", ClasseProgramme}:   {Pourquoi: "La version du programme ne sait pas poursuivre cette histoire : elle a changé en cours de route, ou elle contient un défaut.", Conseil: "Revenez à la version précédente de l’exécutant. Rejouez l’histoire à blanc avant de déployer de nouveau."},
	{"", "", ClasseDonnee}:      {Pourquoi: "Une donnée enregistrée ne peut pas être relue.", Conseil: "Mettez ce cas de côté : il n’arrête que lui. Vérifiez le dossier avant toute reprise."},
	{"", "", ClasseArretee}:     {Pourquoi: "Quelqu’un l’a arrêté dans le moteur, hors de Guichet.", Conseil: "Réhydratez : la procédure reprend où la base la connaît, et rien n’est fait deux fois."},
	{"", "", ClassePersonne}:    {Pourquoi: "Aucun exécutant ne travaille : ils sont arrêtés, ou coupés du moteur.", Conseil: "Démarrez un exécutant. Tout reprend seul, dans l’ordre."},
	{"", "", ClasseTue}:         {Pourquoi: "Rien ne dit pourquoi.", Conseil: "Lancez maintenant ; si rien ne bouge, ouvrez le cas et lisez son diagnostic."},
	{"", "", ClasseAutre}:       {Pourquoi: "La réponse reçue n’est pas une panne connue ; elle est citée telle quelle.", Conseil: "Lisez la réponse, corrigez ce qu’elle désigne, puis réessayez. Un second échec identique est à signaler à l’éditeur."},

	{IncidentActe, "", ""}: {Titre: "Des actes reçus ne sont pas encore appliqués", Effet: "Ils sont enregistrés : aucun n’est perdu. Leurs auteurs attendent la suite.", Gravite: GraviteArret},
	{IncidentActe, "", ClasseInjoignable}: {Titre: "Des actes reçus attendent le moteur", Pourquoi: "Le moteur des procédures ne répond pas.",
		Conseil: "Rétablissez le moteur. Le relais renvoie seul chaque acte, une fois."},
	{IncidentActe, "", ClassePersonne}: {Titre: "Des actes reçus attendent un exécutant"},
	{IncidentActe, "", ClasseTue}: {Pourquoi: "Le moteur et les exécutants répondent : c’est la procédure de ces dossiers qui n’avance pas.",
		Conseil: "Lancez maintenant : l’acte est renvoyé à sa procédure, qui le reconnaît si elle l’a déjà."},

	{IncidentEcheance, "", ""}: {Titre: "Une échéance est passée sans réveil", Effet: "Le dossier n’a pas avancé à son échéance. Sa date légale ne change pas.", Gravite: GraviteRetard},
	{IncidentEcheance, "", ClasseTue}: {Pourquoi: "La minuterie de la procédure n’a pas sonné.",
		Conseil: "Lancez l’échéance maintenant : sa date légale reste la même, et elle n’a d’effet qu’une fois."},

	{IncidentActivite, "", ""}:       {Titre: "Une étape échoue et recommence", Effet: "Les dossiers concernés attendent à leur étape ; les autres avancent.", Gravite: GraviteArret},
	{IncidentActivite, "Record", ""}: {Titre: "Un pas ne peut pas être inscrit au journal", Effet: "Le dossier attend à son étape. Ses actes restent reçus, dans l’ordre."},
	{IncidentActivite, "Record", ClasseInjoignable}: {Titre: "La base ne répond pas aux exécutants", Pourquoi: "PostgreSQL est arrêté, redémarre, ou le réseau est coupé.",
		Conseil: "Rétablissez la base. Chaque pas est réessayé seul, et n’est inscrit qu’une fois."},
	{IncidentActivite, "Record", ClasseDonnee}: {Titre: "Une procédure a reçu un message qu’elle ne sait pas lire", Pourquoi: "Le message ne désigne aucun acte enregistré, ou ce qui est enregistré ne se lit plus : il ne vient pas de Guichet.",
		Conseil: "Réhydratez : la procédure repart du journal, sans ce message, et les actes enregistrés lui sont redits. Si rien n’y fait, vérifiez le dossier."},
	{IncidentActivite, "Record", ClasseDisque}: {Titre: "La base n’a plus de place", Effet: "Aucun acte nouveau n’est acquitté tant que la base ne peut pas écrire."},
	{IncidentActivite, ActivitePlace, ""}: {Titre: "Les fichiers déposés ne peuvent plus être gardés", Pourquoi: "Le disque des fichiers est plein.",
		Effet: "Qui envoie un fichier lit que rien n’en a été gardé ; tout le reste continue.", Conseil: "Libérez de la place sur le disque des fichiers : les envois reprennent seuls."},
	{IncidentActivite, "Produire", ""}:          {Titre: "Un fichier de virement ne peut pas être composé", Effet: "Le lot n’est pas parti. Aucun euro n’a bougé."},
	{IncidentActivite, "Envoyer", ""}:           {Titre: "Un fichier de virement ne peut pas être remis à la banque", Effet: "Le lot attend ; le fichier est composé et scellé, il ne sera remis qu’une fois."},
	{IncidentActivite, "Envoyer", ClasseDisque}: {Titre: "Le dossier d’échange avec la banque est plein", Conseil: "Libérez de la place : le même fichier est remis seul, une fois."},
	{IncidentActivite, "Verifier", ""}:          {Titre: "La vérification de la nuit n’a pas pu se faire", Effet: "Rien n’est arrêté ; personne n’a prouvé que tout concorde.", Gravite: GraviteAttention},

	{IncidentProcedure, "", ""}:              {Titre: "Une procédure ne sait plus avancer", Effet: "Ses actes sont enregistrés et attendent ; les autres dossiers avancent.", Gravite: GraviteArret},
	{IncidentProcedure, "", ClasseProgramme}: {Titre: "L’exécutant ne sait pas poursuivre ces procédures"},
	{IncidentProcedure, "", ClasseDonnee}:    {Titre: "Une procédure a reçu un message qu’elle ne sait pas lire"},
	{IncidentProcedure, ActiviteArret, ""}: {Titre: "Une procédure a disparu alors que son dossier est ouvert", Pourquoi: "Le moteur ne l’a plus, ou elle s’est arrêtée.",
		Conseil: "Réhydratez : la procédure reprend où la base la connaît, et rien n’est fait deux fois."},

	{IncidentMoteur, "", ""}: {Titre: "Le moteur des procédures ne répond pas", Pourquoi: "Temporal est arrêté, redémarre, ou le réseau est coupé.",
		Effet:   "Les dépôts et les lectures continuent. Les actes sont enregistrés et seront appliqués dans l’ordre.",
		Conseil: "Rétablissez Temporal : le relais renvoie seul ce qui attend.", Gravite: GraviteArret},
	{IncidentMoteur, ActiviteFile, ""}: {Titre: "Aucun exécutant ne tourne", Pourquoi: "Les exécutants sont arrêtés, ou coupés du moteur et de la base.",
		Effet: "Les dépôts et les lectures continuent. Le reste attend, sans rien perdre.", Conseil: "Démarrez un exécutant. Tout reprend seul, dans l’ordre."},
	{IncidentMoteur, ActiviteBoucle, ""}: {Titre: "Le moteur des procédures s’arrête et repart sans cesse", Pourquoi: "Temporal redémarre à répétition : sa mémoire, son disque ou sa base lui manquent, ou une sonde trop pressée l’arrête.",
		Effet: "Rien n’est perdu ; chaque interruption retarde les actes de quelques secondes.", Conseil: "Lisez le journal de Temporal et rendez-lui ce qui lui manque. Tout reprend seul dès qu’il reste debout.", Gravite: GraviteRetard},

	{IncidentDivergence, "", ""}: {Titre: "Le journal et ce qui se lit ne concordent pas", Pourquoi: "Une donnée a été changée hors de Guichet, ou une écriture a manqué.",
		Effet: "Le dossier montre peut-être un état ou un montant faux. Ses paiements sont à regarder avant tout.", Conseil: "Reconstruisez un dossier ou un compteur, réhydratez une procédure, puis vérifiez. Une écriture, un lot ou un droit se reprend d’une sauvegarde. Ne corrigez jamais la base à la main.", Gravite: GraviteArret},

	{IncidentBanque, "", ""}: {Titre: "La banque n’a pas répondu", Pourquoi: "Le fichier a été remis une fois ; aucun accusé n’est revenu dans le délai.",
		Effet:   "L’issue des virements est inconnue. Rien ne repart seul.",
		Conseil: "Demandez à la banque l’état du message, puis notez sa réponse. Ne renvoyez jamais sans savoir.", Gravite: GraviteArret},

	{IncidentCourriel, "", ""}: {Titre: "Des courriels ne partent pas", Effet: "Aucun dossier n’est arrêté : les messages attendent, et les lettres se lisent déjà en ligne.", Gravite: GraviteRetard},
	{IncidentCourriel, "", ClasseInjoignable}: {Titre: "Le serveur de courriels ne répond pas", Pourquoi: "Il est arrêté, ou le réseau est coupé.",
		Conseil: "Rétablissez le serveur. Chaque message est réessayé seul et part une fois ; « Renvoyer le courriel » évite l’attente."},
	{IncidentCourriel, "", ClasseLimite}: {Titre: "Le serveur de courriels demande d’attendre", Pourquoi: "Le quota du prestataire est sans doute atteint."},
	{IncidentCourriel, "", ClasseAcces}:  {Titre: "Le serveur de courriels refuse notre accès"},
	{IncidentCourriel, "", ClasseRefus}: {Titre: "Des destinataires sont refusés définitivement", Pourquoi: "L’adresse n’existe plus, ou la boîte n’accepte pas nos messages.",
		Effet:   "Ces personnes ne sont pas prévenues par courriel ; leur lettre se lit en ligne.",
		Conseil: "Faites corriger l’adresse, puis renvoyez le courriel : il part à la nouvelle. Ou renoncez-y, en disant pourquoi.", Gravite: GraviteAttention},
	{IncidentCourriel, "", ClasseDonnee}: {Titre: "Un courriel ne peut pas être relu", Effet: "Il n’est pas parti. La lettre, si elle existe, se lit en ligne."},
	{IncidentCourriel, "", ClasseDisque}: {Titre: "Les lettres ne peuvent plus être gardées"},
	{IncidentCourriel, "", ClasseTue}:    {Titre: "Des courriels sont pris et ne reviennent pas", Pourquoi: "L’exécutant s’arrête pendant l’envoi."},

	{IncidentRIB, "", ""}: {Titre: "Un RIB validé n’a pas pu être mis en service", Effet: "L’ancien compte reste celui qui est payé.", Gravite: GraviteRetard},

	{IncidentCompte, "", ""}: {Titre: "Un organisme attend un compte que personne n’ouvre", Pourquoi: "Il n’a pas d’adresse, ou un compte existe déjà sous un autre nom.",
		Effet: "L’organisme ne peut ni lire son dossier ni facturer.", Conseil: "Prévenez un conseiller : lui seul ouvre le compte. La phrase du cas dit ce qui manque.", Gravite: GraviteAttention},
	{IncidentCompte, "tuile", ""}: {Titre: "Un service demandé n’apparaît pas sur le compte", Pourquoi: "La procédure du compte ne répond pas.",
		Effet: "La personne attend au-delà de ce qui lui est promis.", Conseil: "Lancez maintenant : la demande est enregistrée et n’est appliquée qu’une fois.", Gravite: GraviteRetard},

	{IncidentControle, "", ""}: {Titre: "Une suspension n’a pas été revue à temps", Pourquoi: "Le jour de la revue est passé.",
		Effet: "Le paiement attend une personne du contrôle.", Conseil: "Prévenez un contrôleur : il lève la suspension ou la prolonge. L’exploitation ne décide pas.", Gravite: GraviteAttention},
	{IncidentControle, "signaux", ""}: {Titre: "Les signaux d’un dossier ne se calculent pas", Pourquoi: "Le calcul échoue ; sa réponse est citée.",
		Effet: "Le dossier avance ; le contrôle ne voit pas ses nouveaux signaux.", Conseil: "Il est réessayé seul. S’il échoue encore, vérifiez le dossier."},

	{IncidentConnexion, "", ""}: {Titre: "Des connexions échouent plus que d’habitude", Pourquoi: "Quelqu’un essaie peut-être des mots de passe, depuis de nombreuses adresses.",
		Effet: "Personne n’est bloqué ; les comptes visés demandent un délai.", Conseil: "Regardez d’où viennent les essais, et bloquez ces réseaux à l’entrée si besoin.", Gravite: GraviteAttention},
}
