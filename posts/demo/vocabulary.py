"""The values of the placeholders in the texts of a demo school."""

TOPICS = {
    "Maths": "fractions|negative numbers|quadratic equations|probability|vectors|Pythagoras|percentages|simultaneous "
    "equations|standard form|circle theorems|averages|transformations",
    "English": "the sonnet|the ghost story|chapter 7|the speech in act 3|commas|the narrator|the book review|metaphors|"
    "the debate|the letter to the editor",
    "Biology": "photosynthesis|osmosis|the heart|food webs|the cell diagram|enzymes|inheritance|the leaf experiment|"
    "the nervous system|plant hormones",
    "Chemistry": "the periodic table|balancing equations|acids and alkalis|the flame test|rates of reaction|moles|"
    "ionic bonds|electrolysis|chromatography",
    "Physics": "circuits|refraction|the pendulum|half-life|terminal velocity|specific heat|waves|moments|magnets|"
    "the pressure experiment",
    "History": "the Silk Road|the printing press|the suffragettes|the source question|the timeline|the industrial "
    "revolution|the harbour strike|the old town walls|ancient Nubia",
    "Geography": "rivers|the map skills sheet|plate tectonics|the monsoon|urban growth|coastal erosion|the field trip "
    "data|glaciers|climate graphs",
    "Spanish": "the subjunctive|por and para|the past tenses|the oral exam|the vocabulary list|the postcard|"
    "irregular verbs|the listening test",
    "French": "the passé composé|the dictation|the role play|gender endings|the café dialogue|reflexive verbs|"
    "the exchange letters",
    "Computing": "loops|binary|the sorting race|the quiz app|lists and dictionaries|the robot maze|recursion|"
    "spreadsheets|pixels and colour",
    "Art": "the lino print|perspective|the self-portrait|the clay tiles|colour mixing|the mural|charcoal|"
    "the sketchbook",
    "Music": "the blues scale|the ukulele part|rhythm dictation|the summer concert|the recording|harmony|the drum kit",
}
TOPICS = {subject: topics.split("|") for subject, topics in TOPICS.items()}

CLUBS = {
    "Chess club": "the knight endgame|the lightning round|the ladder|the match against Northfield",
    "School newspaper": "the front page|the interview with the cook|the crossword|the photo of the week",
    "Choir": "the alto part|the second verse|the spring concert|the warm-up",
    "Robotics": "the line follower|the gripper|the battery box|the spring contest",
    "Football team": "the away game|the new kit|the corner drill|the penalty practice",
    "School garden": "the tomatoes|the compost heap|the bean rows|the rain barrel",
    "Drama group": "the second act|the costumes|the lights|the ghost scene",
    "Library helpers": "the returns trolley|the new comics|the reading corner|the quiz night",
    "Science fair": "the volcano|the poster boards|the judging sheet|the water filter",
    "Debating": "the opening speech|the motion|the timekeeping|the final",
    "Cooking club": "the flatbread|the soup|the spice rack|the bake sale",
    "Trip to the coast": "the packing list|the bus seats|the rock pools|the permission slips",
}
CLUBS = {club: topics.split("|") for club, topics in CLUBS.items()}

PLACEHOLDERS = {
    "day": "Monday|Tuesday|Wednesday|Thursday|Friday|tomorrow|next Monday|next week|on the 14th|after the holidays",
    "weekday": "Monday|Tuesday|Wednesday|Thursday|Friday",
    "time": "8:15|8:40|9:30|10:05|11:20|12:30|13:10|14:00|14:45|15:20|16:00|first break|second break|lunch",
    "place": "room 4|room 11|room 12|room 14|room 21|room 27|the hall|the library|lab 1|lab 2|the art block|the gym|"
    "the canteen|the music room|the bike shed|the front office|the garden|the computer room",
    "thing": "blue water bottle|grey hoodie|maths set|left football boot|green scarf|house key with a fish on it|"
    "calculator|pencil case with stickers|black umbrella|recorder|packed lunch with a note inside|pair of glasses|"
    "red lunch box|USB stick|sketchbook|bike helmet|bus pass|yellow raincoat|violin bow|library book",
    "food": "pasta|lentil soup|jollof rice|dumplings|vegetable curry|fish pie|falafel|pizza|noodles|pancakes|"
    "bean chilli|couscous|baked potatoes|stuffed peppers|apple crumble|ramen|samosas",
    "sport": "football|netball|badminton|basketball|table tennis|cross-country|swimming|cricket|volleyball|hockey",
    "team": "Northfield|St Brigid's|the Hill School|Riverside|the Year 10s|the teachers|Eastgate|Lakeview|Old Mill",
    "score": "1–0|2–1|3–3|4–2|0–0|5–4|21–18|34–29|2–0|11–9",
    "win": "1–0|2–1|4–2|5–4|21–18|34–29|2–0|11–9|3–1|25–22",
    "book": "a book about octopuses|the one with the lighthouse|a very long fantasy series|a history of bread|"
    "a graphic novel set in Lagos|a mystery on a night train|poems about the sea|a biography of a mathematician|"
    "short stories from ten countries|the sequel to last month's book",
    "animal": "a fox|two ducks|a hedgehog|a very loud parrot|three goats|a heron|the caretaker's cat|a lost puppy",
    "weather": "rain|sun|fog|hail|wind|snow|thunder|drizzle",
    "relief": "that saved my evening|now I get it|I would never have found that|I was stuck for an hour|"
    "you're a star|that was the bit I missed|exactly what I needed|I owe you a biscuit",
    "feeling": "so excited|a bit nervous|very ready|half asleep|hungry already|weirdly calm|proud of us",
    "link": "https://library.example/catalogue/{number}|https://maths.example/practice/{page}|"
    "https://science.example/video/{number}|https://maps.example/walk/{page}|https://school.example/timetable|"
    "https://dictionary.example/word/{number}|https://archive.example/source/{page}|https://quiz.example/{number}",
    "joke": "Why was the maths book sad? Too many problems.|What do you call a fish without an eye? A fsh.|"
    "I told my ruler a secret. It kept it at arm's length.|Parallel lines have so much in common. "
    "Shame they never meet.|"
    "What did the zero say to the eight? Nice belt.|Why did the pencil go home early? It had lost its point.|"
    "I'd tell a chemistry joke but all the good ones argon.|What is a clock's favourite meal? Seconds.|"
    "Why did the seagull love the book? It ended on a cliffhanger.|My eraser and I fell out. "
    "We rubbed each other up the wrong way.|"
    "What does a cloud wear under its coat? Thunderwear.|Why did the map stay in bed? "
    "It had lost its sense of direction.",
    "emoji": "🙂|😀|😅|🎉|👍|🙏|🤔|💪|🌧️|🍀|⚽|📚|🎶|🍪|✨|😴|🐢|🌻|👏|🫠",
    "excuse": "the bus was late|the printer ate it|I was at the dentist|I had orchestra|my brother sat on it|"
    "the wifi was down|I did the wrong page",
    "material": "a ruler and a compass|the blue folder|coloured pencils|an apron|a sketchbook|a calculator|"
    "something to write with|outdoor shoes|a packed lunch|a planner|safety goggles",
    "task": "exercise|question|problem|task|part",
    "work": "the worksheet|the draft|the poster|the lab report|the summary|the revision cards|the presentation|"
    "the essay",
    "grade": "7|8|9|10|11",
    "letter": "A|B|C|D",
    "number": [str(number) for number in range(2, 30)],
    "page": [str(number) for number in range(12, 220)],
    "few": "two|three|four|five|six",
    "house": "Maple|Rowan|Cedar|Willow",
}
PLACEHOLDERS = {
    name: values if isinstance(values, list) else values.split("|") for name, values in PLACEHOLDERS.items()
}

# The locations and descriptions of profiles.
STUDENT_LOCATIONS = (
    "Class {grade}{letter}|House {house}|Year {grade}, {place}|Class {grade}{letter}, house {house}|Harbour Street|"
    "Northfield|Old Mill Lane|By the river|Eastgate|Two villages away|House {house}, upstairs|Lakeview"
).split("|")
TEACHER_LOCATIONS = ("{place}", "{place}, {weekday}s {place2}", "Harbour Street", "Northfield", "Old Mill Lane")
STUDENT_DESCRIPTIONS = (
    "I like {sport} and {food}. Ask me about {hobby}.|Reading {book} at the moment. Quiet until {time}.|"
    "{sport} on {weekday}s, homework on the bus.|New here since spring. I speak two languages and I'm learning a "
    "third.|If I'm not in {place}, I'm in {place2}.|Class {grade}{letter}. Best at {topic}, worst at being early.|"
    "I draw {animal} in every margin.|Captain of nothing, fan of everything. {emoji}|"
    "Looking for people who play {sport}.|"
    "Me gustan los libros y {sport}.|Люблю шахматы, музыку и кошек.|我喜欢画画和打篮球。我也喜欢猫。|"
    "أحب القراءة وكرة القدم والرسم.|"
    "मुझे क्रिकेट और कहानियाँ पसंद हैं।|J'aime la musique, le vélo et les crêpes.|Ich spiele Klavier und mag Biologie.|"
    "House {house} through and through {emoji}|I collect bus tickets. Yes, really.|Violin, {sport}, and a very old cat."
).split("|")
TEACHER_DESCRIPTIONS = (
    "I teach {subject}. Find me in {place}, {weekday}s at {time}.|{subject}, and {sport} when it isn't raining.|"
    "{subject} since before you were born. Questions are always welcome.|{subject} and library duty. Currently reading "
    "{book}.|I teach {subject} in {place}. Tea, maps, long walks."
).split("|")
