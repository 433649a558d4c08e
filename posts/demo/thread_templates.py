"""Templates of the threads that a demo school writes: who writes what, and how likely."""

from typing import NamedTuple


class Step(NamedTuple):
    """Posts that may follow in a thread.

    `author` is "asker" (the author of the first post), "student", "other" (a student), "teacher" or "any". Up to
    `max_count` posts are written, each with the probability `chance`. Each is a reply with the probability
    `reply_chance`: to the first post if `to` is "first", or to the previous post if it is "last".
    """

    author: str
    texts: tuple
    chance: float = 0.7
    max_count: int = 1
    to: str = "first"
    reply_chance: float = 0.7


class Template(NamedTuple):
    """A kind of thread.

    `weight` is its relative frequency, `room_kinds` the kinds of rooms where it appears, `author` the author of the
    first post (see Step) and `texts` the possible first posts. Some start with a greeting if `has_greeting` is set.
    """

    weight: int
    room_kinds: frozenset
    author: str
    texts: tuple
    steps: tuple
    has_greeting: bool = False


def _lines(text):
    return tuple(line.strip() for line in text.strip().splitlines())


CLASS, CLUB, COMMON = frozenset(("class",)), frozenset(("club",)), frozenset(("common",))
SHARED = frozenset(("common", "club"))

THANKS = _lines("""
    Thank you {who}, {relief}
    Thanks {who}! {emoji}
    Thanks, {relief} {emoji}
    Ah, {task} {number}. Of course! Thanks {who}
    Oh! I had it upside down. Thank you
    Thanks both, {relief}
    That works, thank you {who}
    Got it now, thanks. See you {weekday}
    Thanks {who}, I'll try it at {time}
    Perfect. {relief}
    You're right, I had missed page {page}. Thanks!
    OK, doing that now. Thanks {emoji}
    Thank you! I'll bring you something from the canteen {emoji}
""")

AGREE = _lines("""
    Same here {emoji}
    Me too, I'm {feeling}
    I'm in
    Count me in for {weekday}
    Yes please
    +1 from {place}
    Agreed, and {weekday} is better than {time}
    I was about to write exactly that
    Fine by me {emoji}
    {who} yes! And can we ask the others too?
    Sounds good, I'm {feeling}
    If there's {food}, I'm there
""")

# Not formatted, so that each list of texts stays next to its probabilities.
# fmt: off
TEMPLATES = (
    # Help with an exercise.
    Template(
        16, CLASS, "student",
        _lines("""
            Has anyone done {task} {number} on page {page}? I'm stuck
            How do you start {task} {number}{letter}? I keep getting a negative answer
            Is {task} {number} a trick question?
            @{someone_name} you understood {topic}, how did you do {task} {number}?
            In {task} {number}, what does the second part even mean?
            Why isn't the answer to {number}{letter} the same as in the back of the book?
            I get {page} for {task} {number}. Anyone else?
            {task} {number} has eaten my whole evening. Any hints?
            Can someone check my {task} {number}? I did it {few} times and got {few} answers
            Does {task} {number}{letter} need {topic} or is there a shorter way?
        """),
        (
            Step("other", _lines("""
                The box at the bottom of page {page} explains it
                Try drawing it first, then {task} {number} makes sense
                I think you have to do part {letter} before the rest
                {who} I got {page}, but I'm not sure either
                Start with what you know and write it in a table
                {who} look at the example from {weekday}, it's the same with different numbers
                Not a trick, just long. It took me {few} tries
                Swap the two sides and it comes out right
                The answer in the back is wrong, everyone says so
                I can show you in {place} at {time}
                Same problem here. It works if you read it backwards, honestly
                Round at the end and not before, then you get it
                This one helped me: {link}
                {who} did you copy the question right? I had a {number} in mine
            """), 0.75, 3, "first", 0.75),
            Step("teacher", _lines("""
                {who} have another look at page {page}, the second example
                Nearly, {who}. Check the sign in the last line
                The book has a misprint there: it should say {number}
                Come to {place} at {time} if you would like to do it together
                Well explained, everyone. I have nothing to add
                I'll do {task} {number} on the board {day}
            """), 0.3, 1, "first", 0.8),
            Step("asker", THANKS, 0.7, 1, "last", 0.7),
        ),
        has_greeting=True,
    ),
    # Questions about a topic.
    Template(
        9, CLASS, "student",
        _lines("""
            Can someone explain {topic} to me like I'm five?
            What's the difference between {topic} and {othertopic}?
            Does anyone have a good example of {topic}?
            I missed the part about {topic} because {excuse}. What do I need to know?
            Are there any notes on {topic}? Mine are covered in {food}
            Did anyone take a photo of the board after the bit about {topic}?
            Is there a video about {topic} that's not boring?
            How do you all remember {topic}?
        """),
        (
            Step("other", _lines("""
                Page {page}, the grey box. Read it twice
                This helped me with {topic}: {link}
                I have notes, I can show you in {place} at {time}
                My notes say: first {topic}, then everything else
                Think of {food}. No, really. It works for {topic}
                {who} ask @{someone_name}, they explained it to me in {few} minutes
                I made a drawing of {topic}, I'll bring it {day}
                Here: {link}
                {who} I have a photo, but it's a bit blurry
                Cover the answers on page {page} and test yourself, that's how I did it
            """), 0.75, 3, "first", 0.75),
            Step("teacher", _lines("""
                Good question. I'll go through {topic} again {day}
                There's a short video that shows it: {link}
                That's exactly what {topic} is about. Lovely explanations here
                {who} come by at {time}, {place}. Bring your book
            """), 0.4, 1, "first", 0.8),
            Step("asker", THANKS, 0.7, 1, "last", 0.7),
        ),
        has_greeting=True,
    ),
    # Questions about homework and tests.
    Template(
        9, CLASS, "student",
        _lines("""
            Is {work} due {day} or later?
            Do we hand in {work} on paper or online?
            How long does {work} have to be? I have {few} sentences {emoji}
            Which page was the homework on? I wrote {page} but that's something else
            Is {topic} in the test {day}?
            Are we allowed a calculator in the test?
            Instead of {topic}, can I do {work} about {othertopic}?
            Who's finished {work}? How long is yours? Mine is only {few} paragraphs
            For {work}: do we need an introduction?
            What do we need to bring {day}?
        """),
        (
            Step("other", _lines("""
                I wrote down {day}, but ask again
                It's on the board in {place}
                I think so. It said so on the sheet
                No idea, I was going to ask the same
                {who} my sister did the same last year, {few} pages was enough
                Page {page} is what I have
                Ask before {weekday}, after that it's too late {emoji}
                I hope not {emoji}
            """), 0.6, 2, "first", 0.6),
            Step("teacher", _lines("""
                Yes, {who}. It's on the sheet as well
                {who} on paper please, {day} at the latest
                Anything from page {page} onwards. Calculators stay at home
                {few} pages is enough, if they are good ones
                Both are fine, {who}. Choose whichever you prefer
                {who} bring {material}. The rest is here
            """), 0.7, 1, "first", 0.85),
            Step("asker", _lines("""
                Thank you!
                OK, then I still have time {emoji}
                Thanks {who}
                Good to know. I'd have got that wrong
                Oh no. I mean: thank you {emoji}
            """), 0.6, 1, "last", 0.6),
        ),
        has_greeting=True,
    ),
    # Homework.
    Template(
        9, CLASS, "teacher",
        _lines("""
            Homework for {day}: page {page}, {task}s 1 to {number}. Show your working
            {work} is due {day} at {time}. Late ones need a better reason than "{excuse}"
            Test on {topic} {day}. Revise from page {page} onwards
            For {day}: read about {topic} and write down {few} questions
            Reminder: {work} counts towards your report. {few} pages is enough
            Please bring {material} {day}. We'll start with {topic}
            We'll work in groups of {few} {day}. Decide who does {topic}
        """),
        (
            Step("student", _lines("""
                Do we need {material} as well?
                {who} does it count if {excuse}?
                Is that the old book or the new one?
                Can we do it in pairs?
                {who} I'll be away {day}, can I hand it in early?
                Will {othertopic} be in it too?
                Can we have until {weekday}? We have {few} tests that week
                Is it all right to type it?
            """), 0.7, 2, "first", 0.75),
            Step("teacher", _lines("""
                Yes, {who}, that's fine
                {who} not this time
                Ask me again {weekday}, {who}
                Let's see how far we get by {weekday}
                Good question. No {emoji}
                Of course, {who}
            """), 0.7, 1, "last", 0.9),
            Step("student", _lines("""
                Noted, page {page} in my planner {emoji}
                OK {emoji}
                Thank you {who}
                Starting now. Well, after {food}
                Already done {emoji}
            """), 0.5, 2, "first", 0.4),
        ),
    ),
    # Announcements to a class.
    Template(
        6, CLASS, "teacher",
        _lines("""
            No lesson in {place} {day}: meet in {place2} instead
            Marks for {work} are up. Well done, especially on {topic}
            The slides on {topic} are here: {link}
            I marked {number} of your books. Please look at my notes on {topic}
            Extra help with {topic}: {place}, {weekday} at {time}. Everyone welcome
            Quiz on {topic}, just for practice: {link}
            A puzzle for the weekend: what has {topic} to do with {food}? Best answer gets a sticker
            That was a lovely lesson today. I didn't know you liked {topic} so much
        """),
        (
            Step("student", _lines("""
                Thank you {who} {emoji}
                I'll be there
                {who} I can't open it on my phone, is there a paper one?
                Is my book one of them?
                We liked it too
                That's during {sport}, is there another time?
                Wow, thank you
            """), 0.6, 3, "first", 0.6),
            Step("teacher", _lines("""
                Come and see me at {time}, {who}
                {who} I'll print one for you
                I'm glad {emoji}
                We'll find a way, {who}
            """), 0.5, 1, "last", 0.8),
        ),
    ),
    # Study groups.
    Template(
        8, CLASS, "student",
        _lines("""
            Study group for {topic}: {place}, {day} at {time}?
            Made revision cards for {topic}, want a copy?
            Our group has {topic}. Anyone want to swap with us?
            Who is in my group for {work}? It says {few} people
            Shall we revise {topic} together before {weekday}?
            {who_teacher} can we do more on {topic} next time?
            Found a good page about {topic}: {link}
        """),
        (
            Step("other", AGREE, 0.65, 3, "first", 0.5),
            Step("other", _lines("""
                {who} yes please, I lost mine
                I'm in your group, with @{someone_name}
                Can we do {time} instead? I have {sport}
                I can bring {food}
                Is there any space left?
            """), 0.5, 2, "first", 0.7),
            Step("teacher", _lines("""
                Glad to hear it {emoji}
                Good idea, {place} is open until {time}
                Lovely. May I show that to the other class?
            """), 0.35, 1, "first", 0.8),
        ),
        has_greeting=True,
    ),
    # After a test.
    Template(
        4, CLASS, "student",
        _lines("""
            That test. {task} {number}. Let's never speak of it again
            How was the test for you? I ran out of time at {task} {number}
            I finally understand {topic}. It only took {few} weeks
            The experiment today was the best one yet {emoji}
            When do we get {work} back? I'm {feeling}
        """),
        (
            Step("other", _lines("""
                I guessed {letter} for everything {emoji}
                I wrote {few} pages and still missed the point
                Better than the last one
                I'm {feeling} too
                {who} you always say that and then you get the best mark
                At least it's over
                I wrote about {topic} instead. Oh well
            """), 0.75, 3, "first", 0.6),
            Step("teacher", _lines("""
                Your marks are better than you think
                {weekday}, I promise. There are {page} pages to read
                You did well. Go home and get some sleep
            """), 0.4, 1, "first", 0.7),
        ),
    ),
    # Lost property.
    Template(
        7, COMMON, "student",
        _lines("""
            Lost: {thing}. Last seen in {place} on {weekday}
            Has anyone seen a {thing}? I had it in {place}
            I left my {thing} on the bus this morning. Any chance?
            Did someone take the wrong {thing} from {place}? Mine has a {letter} on it
            If you find a {thing}, it's mine and I miss it
        """),
        (
            Step("other", _lines("""
                I saw one in {place}, on the window sill
                Ask at the front office, they have a whole box
                There was one in {place} at {time}
                {who} the caretaker took it, he is in {place}
                Not yours, but I found a {otherthing} if anyone's missing one
                Have you looked in {place}? Everything ends up there
                {who} I'll keep an eye out
                @{someone_name} found one, I think
            """), 0.75, 3, "first", 0.7),
            Step("asker", _lines("""
                Found it! It was in {place} the whole time {emoji}
                That's the one, thank you {who}
                No luck yet. I'll ask again {weekday}
                Thanks {who}, I'll look there at {time}
                Got it back {emoji}
            """), 0.7, 1, "last", 0.6),
        ),
    ),
    # Found property.
    Template(
        4, COMMON, "any",
        _lines("""
            Found a {thing} in {place}. It's at the front office now
            Whose {thing} is this? It has been in {place} since {weekday}
            There's a {thing} on the wall by {place}, it's getting wet in this {weather}
            Someone left a {thing} in {place}. I put it on the shelf
        """),
        (
            Step("other", _lines("""
                Mine! Thank you {who}
                Might be mine. Does it have a sticker on it?
                I think that's @{someone_name}'s
                Not mine, but I lost a {otherthing} there
                {who} does it smell of {food}? Then it's mine {emoji}
            """), 0.7, 2, "first", 0.75),
            Step("asker", _lines("""
                It's yours, come to {place} at {time}
                {who} yes! Front office, ask for me
                It's back with its owner {emoji}
            """), 0.6, 1, "last", 0.7),
        ),
    ),
    # Announcements to the whole school.
    Template(
        5, COMMON, "teacher",
        _lines("""
            Assembly {day} at {time} in {place}. Please be quick and quiet on the stairs
            {place} is closed until {weekday} because of the {weather}
            Year {grade}: photos {day} at {time} in {place}. Smile if you like
            Fire drill some time this week. Walk, don't run, and leave your bag
            Parents' evening is {day} from {time}. Students may come too
            The school bus will leave {few} minutes earlier from {weekday}
            Exams start {day}. Sleep, drink water, breathe. Good luck to all
            New clubs list is out: {link}
        """),
        (
            Step("student", _lines("""
                Is that for year {grade} too?
                {who} do we need to bring anything?
                What about people who have {sport} then?
                Thanks for letting us know
                Will it be on the website as well?
                Finally!
                Is that the whole day?
            """), 0.65, 3, "first", 0.65),
            Step("teacher", _lines("""
                Yes, everyone
                {who} just yourself
                {who} go to {sport}, we'll save you a seat
                It will be up at {time}
                More {weekday}, {who}
            """), 0.6, 1, "last", 0.85),
        ),
    ),
    # Good news and requests for help.
    Template(
        5, COMMON, "teacher",
        _lines("""
            Congratulations to year {grade}{letter} for the best attendance this month {emoji}
            House points this week: {house} leads by {number} {emoji}
            Bake sale for the garden {day} at {time}. Bring coins and an appetite
            We need {few} helpers in {place} {day} at {time}. Reply here
            The library has a shelf of new books. First come, first served
            Who would like to read the news at assembly {day}? No experience needed
            {animal} moved in behind {place}. Look, but please don't feed
        """),
        (
            Step("student", _lines("""
                I can help! {emoji}
                {house} for the win {emoji}
                Count me in
                I can bring {food}
                {who} me, if nobody else wants to
                I'll tell the others
                Best news of the week
                I saw that this morning {emoji}
            """), 0.7, 4, "first", 0.6),
            Step("teacher", _lines("""
                Thank you {who}, that's kind
                Lovely, {who}. See you there
                {who} you're all wonderful
            """), 0.6, 1, "last", 0.8),
        ),
    ),
    # Upcoming matches.
    Template(
        5, SHARED, "any",
        _lines("""
            Who is playing {sport} at {time} {day}?
            We need {few} more for {sport} {day}, all levels
            {sport} practice is in {place} today because of the {weather}
            Does anyone have spare shoes for {sport}, size {number}?
            {house} against {house2} at {sport}, {day} at {time}. Come and cheer
            We play {team} {day}. Who's coming to cheer?
        """),
        (
            Step("other", AGREE, 0.65, 3, "first", 0.45),
            Step("other", _lines("""
                I can be goalkeeper, badly
                Can beginners come?
                I have orchestra, next time
                Who's bringing the ball?
                {who} I can lend you mine
                We should train on {weekday}s
                Is it cancelled if there's {weather}?
            """), 0.55, 2, "first", 0.65),
        ),
    ),
    # Match results.
    Template(
        5, SHARED, "any",
        _lines("""
            {sport} against {team}: {score}! {emoji}
            {team} beat us {win} at {sport}. Next time
            We won {win} against {team} {emoji}
            Did anyone film the last minute of the {sport} match?
            Player of the match against {team}: @{someone_name} {emoji}
        """),
        (
            Step("other", _lines("""
                What a game {emoji}
                {who} you were brilliant in the second half
                I missed it because {excuse}
                That last point was out and everyone knows it
                I was {feeling} the whole time
                Well played everyone
                I've lost my voice from shouting
                Revenge {weekday} {emoji}
                I filmed it, but mostly my own shoes
            """), 0.75, 4, "first", 0.5),
        ),
    ),
    # Lunch.
    Template(
        5, COMMON, "student",
        _lines("""
            What's for lunch today?
            {food} again, I'm {feeling}
            Rate today's {food} out of ten
            Is the queue in the canteen long?
            Petition for {food} every {weekday}
            Which is better, {food} or {food2}? Wrong answers welcome
            Who has tried the {food}?
        """),
        (
            Step("other", _lines("""
                {food2}, I think
                {number} out of ten
                Six out of ten, needed salt
                {food2}. This isn't a debate
                The queue goes to {place} {emoji}
                {who} the {food} was fine, be brave
                Someone save me a plate please
                I brought my own, {food2} by my grandmother {emoji}
                I had two plates
                There's none left, sorry
                I signed. Twice
            """), 0.75, 4, "first", 0.5),
        ),
    ),
    # Books.
    Template(
        3, COMMON, "student",
        _lines("""
            What are you all reading? I just finished {book}
            Can someone recommend a book? I liked {book}
            Who has {book} from the library? I'd like it next
            I read {book} in one night and regret nothing
        """),
        (
            Step("other", _lines("""
                {who} try {book2}, it's in {place}
                I'm reading {book2}, you can have it after me
                {book2}! But read it when it's light outside
                @{someone_name} would like that one
                I only read the crossword {emoji}
                I have it, I'll be done {weekday}
                I cried at the end, be warned
            """), 0.75, 3, "first", 0.65),
            Step("asker", THANKS[:4], 0.4, 1, "last", 0.6),
        ),
    ),
    # Small talk.
    Template(
        4, COMMON, "student",
        _lines("""
            There's {animal} on the field {emoji}
            {weather} again. Who has an umbrella to share after {time}?
            Anyone walking towards Harbour Street at {time}?
            Who else is {feeling} about {day}?
            Is the vending machine by {place} working again?
            My bus is stuck in the {weather}. Tell them I tried
            It's so quiet in {place} today. Where is everyone?
            {animal} just looked at me through the window of {place}
        """),
        (
            Step("other", _lines("""
                Take a photo!
                Me {emoji}
                I'm in {place}, come over
                I can wait for you by {place}
                {who} it ate my coin on {weekday}
                I'll tell them
                Same here
                Honestly, this school {emoji}
                I saw that too!
            """), 0.7, 3, "first", 0.5),
        ),
    ),
    # Birthdays.
    Template(
        2, COMMON, "student",
        _lines("""
            It's my birthday {day} and I'll bring {food} {emoji}
            Happy birthday @{someone_name}! {emoji}
            When is @{someone_name}'s birthday? I'd like to make {food}
        """),
        (
            Step("other", _lines("""
                Happy birthday! {emoji}
                Is there cake?
                {emoji}{emoji}{emoji}
                Happy birthday from all of {place}
                Save me a piece please
                I can make a card
            """), 0.8, 4, "first", 0.5),
        ),
    ),
    # Jokes.
    Template(
        4, COMMON, "any",
        _lines("""
            {joke}
            Joke of the day: {joke}
            My sister told me this: {joke}
            Heard in {place}: {joke}
            {joke} {emoji}
        """),
        (
            Step("other", _lines("""
                {emoji}
                No. Just no {emoji}
                I laughed, I admit it
                {who} please don't give up the day job
                I told it at {time} in {place}. Silence
                That one is older than the school
                Adding it to page {page} of the newspaper
                {emoji}{emoji}
                My grandmother tells it better
            """), 0.75, 3, "first", 0.6),
        ),
    ),
    # Club meetings.
    Template(
        10, CLUB, "any",
        _lines("""
            Next meeting {day} at {time} in {place}. We'll work on {topic}
            Can we move {weekday} to {time}? I think {place} is taken
            Please bring {material} {day}
            Welcome to the new members! We meet in {place}, {weekday}s at {time}
            Does anyone still have the key to {place}?
            We start {few} minutes later today, {excuse}
        """),
        (
            Step("other", AGREE, 0.6, 3, "first", 0.5),
            Step("other", _lines("""
                {who} I'll bring {material2}
                The key is in {place2}, top drawer
                {place2} is free at {time}, I looked
                I'll be {few} minutes late, start without me
                I can't come, I have {sport}. Tell me about it after
            """), 0.6, 2, "first", 0.65),
            Step("teacher", _lines("""
                I'll open {place} at {time}
                Please tidy up afterwards {emoji}
                I have booked {place2} for {weekday}, just in case
            """), 0.4, 1, "last", 0.6),
        ),
    ),
    # Club projects.
    Template(
        12, CLUB, "student",
        _lines("""
            Who can take care of {topic} until {weekday}?
            {topic} is nearly done {emoji}
            I have an idea for {topic}: let's do it outside
            We're {few} people short for {topic}
            Here is something about {topic}: {link}
            I made a list for {topic}, it's pinned up in {place}
            Vote: {topic} or {othertopic} first?
            I can't come {day} because of {sport}. Can someone do {topic} for me?
            What do we do about {topic} if there's {weather}?
            @{someone_name} how far are you with {topic}?
        """),
        (
            Step("other", _lines("""
                I can do {topic}, I'm free at {time}
                {topic} is more fun than {othertopic}, so yes
                Can we ask @{someone_name}? They know {topic}
                {who} I'll help, two can do it faster
                If there's {weather} we'll go to {place}
                Half done. The rest {weekday}
                I'd rather do {othertopic}, but fine
                {who} great, show us {weekday}
            """), 0.75, 3, "first", 0.65),
            Step("teacher", _lines("""
                {who} thank you for taking that on
                Let's decide on {weekday}
                It looks wonderful already
                Good plan. Mind the paint in {place}
            """), 0.4, 1, "last", 0.6),
            Step("asker", _lines("""
                Thank you {who}! {emoji}
                Great, that's settled then
                See you {weekday}
                You're the best club in the world {emoji}
            """), 0.45, 1, "last", 0.5),
        ),
        has_greeting=True,
    ),
    # Threads in other languages.
    *(
        Template(1, SHARED, "student", (opening,), (Step("other", tuple(answers.split("|")), 0.75, 3),))
        for opening, answers in (
            ("¿Quién viene al partido el viernes? Nos faltan dos ⚽", "¡Yo voy!|Yo también 🙂|¿A qué hora?"),
            ("¡Hoy hay tarta en el comedor! 🎂", "¡Ya voy!|¿De qué es?|Guárdame un trozo 🙏"),
            ("Qui vient à la répétition demain ? 🎶", "Moi !|À quelle heure ?|Pas moi, désolé"),
            ("On mange ensemble à midi ?", "Oui !|J'arrive|Je finis les maths et j'arrive"),
            ("Hat jemand einen Fahrradschlüssel gefunden?", "Frag im Sekretariat|Ja, in der Bücherei|Nein, leider"),
            ("هل يأتي أحد إلى المكتبة بعد الدرس؟", "نعم، أنا|في أي ساعة؟|إن شاء الله"),
            ("صباح الخير جميعًا 🌻", "صباح النور|صباح النور والسرور 🙂"),
            ("明天有人一起去图书馆吗？", "我去！|几点？|好的，明天见"),
            ("今天的午饭真好吃 😋", "我也觉得|还有吗？|我吃了两碗"),
            ("Кто завтра идёт на шахматы?", "Я иду|Во сколько?|Я тоже 🙂"),
            ("Кто-нибудь видел мою синюю тетрадь?", "Она в библиотеке|Нет, прости|Спроси у дежурных"),
            ("कल क्रिकेट कौन खेलेगा? 🏏", "मैं!|कितने बजे?|मैं भी आऊँगा"),
            ("Yarın voleybol oynayan var mı?", "Ben varım|Saat kaçta?|Ben de gelirim 🙂"),
            ("Ποιος έρχεται στη χορωδία αύριο;", "Εγώ!|Τι ώρα;|Κι εγώ 🙂"),
            ("明日の部活は何時からですか？", "三時半からです|四時です|わたしも行きます 🙂"),
            ("Хто йде на виставу в п'ятницю?", "Я!|О котрій?|Ми з сестрою прийдемо"),
        )
    ),
)
# fmt: on

# The last posts, which mention the users with a printed sign-in.
FINAL_POSTS = {
    "student": _lines("""
        {target} are you coming to the study group at {time}? We saved you a seat {emoji}
        {target} did you take my {thing} by mistake? Mine has a sticker on it
        {target} can you send me your notes on {topic}? I missed it, {excuse}
    """),
    "teacher": _lines("""
        {target} could you look at my answer to {task} {number}? I get {page}
        {target} is {work} due {weekday}, or after the weekend?
        {target} I'll be late for {place} tomorrow, {excuse}
    """),
    "teacher (awaiting approval)": _lines("""
        Welcome to the school, {target}! Ask us anything {emoji}
        {target} the staff room is behind {place}, third door
    """),
    "administrator": _lines("""
        {target} the heating in {place} is off again
        {target} thank you for coming to the concert {emoji}
    """),
}
FINAL_POST_REPLIES = _lines("""
    I can answer that: {place}, {time}
    I was going to ask the same {emoji}
    {who} I have the same question
    Let's wait and see what they say
""")
FINAL_REPLIES = _lines("""
    {who} that helped, thank you {emoji}
    {who} I thought about this again, and you're right
    Just read this again. Thank you {who}
    {who} so true {emoji}
""")

GREETINGS = ("",) * 10 + ("Hi all! ", "Hello everyone. ", "Me again. ", "Quick question. ", "Hey! ")
REMOVAL_REASONS = (
    "Unkind to a classmate", "Contains someone's phone number", "Not for the whole school", "Spam",
    "Off topic, after two warnings",
)  # fmt: skip
