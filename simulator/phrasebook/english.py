"""English as Britons write it: what stands around a score, and clauses whose numbers do not score."""

from simulator.phrasebook.template import Book, templates

BOOK = Book(
    language="en",
    question="On a scale from 0 to 10, how likely are you to recommend us to a friend or colleague?",
    greetings=("Hi", "Hello", "Good morning", "Hiya", "Afternoon", "Dear all", "Hey there"),
    thanks=("thanks", "thank you", "cheers", "ta", "many thanks", "thanks a lot", "thanks so much"),
    closings=("best wishes", "kind regards", "have a nice day", "all the best", "take care", "bye now"),
    names=("Priya", "Callum", "Gemma", "Nigel", "Siobhan", "Rhys", "Harriet", "Desmond", "Fiona"),
    places=("Brussels", "Tervuren", "Waterloo", "Antwerp", "Overijse", "Ghent", "Mechelen", "Ypres"),
    comments=(
        templates("""
            nobody ever calls back | the parcel was smashed | waited far too long | the staff were rude
            the internet keeps dropping | really disappointed | the bill is wrong again | what a shambles
            the engineer never turned up | impossible to reach anybody | absolute rubbish | bad advice
            customer service is a joke | daylight robbery | they really don't care
        """),
        templates("""
            could be quicker | it was all right | a bit pricey | the app is clunky | parking was a pain
            decent but slow | nothing special | the hold music is awful | fairly happy | does the job
            friendly but disorganised | the website is a bit of a maze
        """),
        templates("""
            lovely people | really helpful staff | everything went smoothly | brilliant service
            very happy | the engineer was ace | sorted in no time | speedy delivery | great advice
            could not fault it | polite driver | a pleasure as always | really well explained
            best shop in town | friendly from start to finish | keep it up
        """),
    ),
)

FRAMES = (
    "{n}, {clause}",
    "{Clause}, so {an} {n}",
    "{Clause}. I'd give it {an} {n}.",
    "Score: {n}. {Clause}.",
    "{Clause} but hey, {n}",
    "{an} {n}, {clause}",
)

CLAUSES = {
    "duration": """
        I have been waiting for 3 weeks | it was sorted in 20 minutes | I have been with you for 12 years
        the repair took 2 days | we queued for 45 mins
    """,
    "times": """
        I had to call 3 times | I rang them 2x | I was passed on 4 times | the engineer came back 5 times
    """,
    "money": """
        delivery cost 5 euros | I pay €45 a month | they overcharged me by 12.50 euros | I got 10 euros back
    """,
    "clock": """
        he turned up at 9am | the engineer came at 14:30 | they said between 8am and 12pm | you close at 5pm
    """,
    "ordinal": """
        it was the 2nd time | they fixed it on the 3rd attempt | this was my 1st order | it was the 4th call
    """,
    "date": """
        I ordered on 3 May | the appointment was on 14 February | the parcel came on 12 March
        I joined on 1 January
    """,
    "label": """
        checkout 4 was quick | my ticket was no. 4521 | line 12 was late again | room 7 was clean
        nobody at desk 5 | platform 3 was closed
    """,
    "device": """
        it was about my iPhone 8 | the 5G works well | my Galaxy S9 is mended | it was for a PlayStation 5
    """,
    "count": """
        I had ordered 3 parcels | there were 2 scratches on it | there were only 2 tills open
        I got 6 emails | we had 4 waffles
    """,
    "spelled-count": """
        three people helped me | I ordered two parcels | there were four people ahead of me
        it was sorted after five calls | six chairs ordered and five chairs delivered
    """,
    "age": """
        our 7 year old loved it | my mum is 84 years old | my daughter is 3 years old
        my gran is 91 years old and managed fine
    """,
    "group": """
        there were 6 of us | we came as a party of 4 | we are a family of 5 | we had a table for 8
    """,
    "percentage": """
        100% happy | I got it with 20% off | the battery was at 20% | the 15% discount was nice
    """,
    "zero-of": """
        zero communication | there was 0 service | zero problems so far | zero respect for customers
        I got 0 explanation
    """,
    "around-the-clock": """
        you can be reached 24/7 | the helpline is open 24/7 | the chat works 24/7
    """,
    "everyday-word": """
        no one picked up the phone | that one was broken | everyone was kind | the new one works fine
        one of these days I'll pop in again | one of the lads was really helpful
    """,
}
