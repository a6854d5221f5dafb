package store

// Names of people that forms get wrong: accents, apostrophes, particles, hyphens,
// one letter, Polynesian and Turkish letters (domain.md 6.2).
var prenomsSemis = []string{"Éloïse", "Zoé-Maëlle", "Jean-François", "Ó", "Teuira", "Hinano", "ʻIolani", "Māhealani", "Şükrü", "İpek", "Gökçe",
	"Yağmur", "Noémie", "Anaïs", "Loïc", "Maël", "Gaëtan", "Aurélie", "Inès", "Mathéo", "Chloé", "François", "Thérèse", "Rémi", "Béatrice",
	"Cécile", "Hélène", "Łukasz", "Núria", "Søren", "Zoë", "Aïcha", "Mamadou", "Thị Hương", "D’Arcy", "Marie-Ève", "Éric", "Raphaël", "Karim", "Y",
	"Sofía", "Joël", "Noël", "Clémence", "Odile", "Tamatoa", "Vaihere", "Ümit", "Işıl", "Émile"}

var nomsSemis = []string{"Lefèvre-N'Guyên", "d’Haultepenne", "de La Tour d’Auvergne", "O", "Ré", "Le Goff", "N’Diaye", "van der Meer", "Ñáñez",
	"Yıldız", "Çelik", "Öztürk", "Teʻura", "Tūheiava", "Mac’h", "L’Hostis", "Müller", "Bœuf", "Lœuillet", "Straße", "Ångström", "Dupré", "Béranger",
	"Château", "Gérard", "Lebrun", "Martin", "Petit", "Moreau", "Girardeau", "Hervé", "Joly", "Kerguélen", "Da Silva", "Nguyễn", "Traoré", "El Amrani",
	"Ben Youssef", "Lévêque", "Maître", "Noblecourt", "Ozanne", "Pépin", "Quéméneur", "Rousseau", "Saint-Ange", "Thévenot", "Ü", "Vasseur", "Wójcik",
	"Xhonneux", "Żak", "Agnès", "Bréhat", "Cœurjoly"}

var enseignes = []string{"Atelier", "Cabinet", "Établissements", "Maison", "Société", "Agence", "Bureau d’études", "Boulangerie", "Imprimerie",
	"École", "Propreté", "Conseil", "Studio", "Menuiserie", "Comptoir"}

var maisons = []string{"Institut", "Campus", "Académie", "Centre de formation", "Atelier pédagogique", "Savoirs", "École supérieure", "Compagnie"}

var villesSemis = [][2]string{{"75011", "Paris"}, {"69003", "Lyon"}, {"33000", "Bordeaux"}, {"35000", "Rennes"}, {"59000", "Lille"}, {"13002", "Marseille"},
	{"31000", "Toulouse"}, {"44000", "Nantes"}, {"63000", "Clermont-Ferrand"}, {"97400", "Saint-Denis"}, {"06000", "Nice"}, {"21000", "Dijon"}}

var intitulesSemis = []string{"Sécurité des données", "Excel perfectionnement", "Conduite de réunion", "Anglais professionnel", "Accueil du public en situation de handicap",
	"Management d’une équipe à distance", "Gestes et postures", "Rédaction web accessible", "Comptabilité : clôture annuelle", "Droit du travail : l’essentiel",
	"Cybersécurité pour non-spécialistes", "Gestion de projet agile", "Prévention des risques psychosociaux", "Achats responsables", "Python pour l’analyse",
	"Négociation commerciale", "Paie et déclarations sociales", "Qualité et audit interne", "Communication orale", "Tutorat et transmission",
	"Nettoyage écologique", "Lecture de plans", "Photographie culinaire", "Relation client au téléphone", "RGPD : mise en pratique"}
