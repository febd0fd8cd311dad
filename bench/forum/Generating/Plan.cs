namespace ForumBench.Generating;

/// <summary>A post before it has a row: who wrote it, where, when and how it was received.</summary>
sealed class PlannedPost
{
    public required int Topic { get; init; }

    public required int Number { get; init; }

    public required int User { get; init; }

    public required DateTime At { get; init; }

    public PlannedPost? ReplyTo { get; init; }

    /// <summary>Indices into the paragraphs of <see cref="Prose"/>.</summary>
    public required int[] Text { get; init; }

    public int Id { get; set; }

    public int Likes { get; set; }

    public int Replies { get; set; }

    public int Reads { get; set; }
}

/// <summary>A topic before it has a row.</summary>
sealed class PlannedTopic
{
    public required int Id { get; init; }

    public required string Title { get; init; }

    /// <summary>Null for a personal message.</summary>
    public int? Category { get; init; }

    public required DateTime At { get; init; }

    public int[] Tags { get; init; } = [];

    /// <summary>Takes part in a message.</summary>
    public int[] People { get; init; } = [];

    public bool IsClosed { get; init; }

    public List<PlannedPost> Posts { get; } = [];
}

/// <summary>Everything about a forum that chance decides, in memory; so that each row is written once, with its final counters.</summary>
sealed class Plan
{
    readonly ForumSize _size;
    readonly Random _random;
    readonly DateTime _now;

    public Plan(ForumSize size, Random random, Prose prose, int firstUser, int firstTopic, int firstPost, int[] categories, int firstTag, DateTime now)
    {
        _size = size;
        _random = random;
        _now = now;
        FirstUser = firstUser;
        var start = now.AddDays(-size.Days);
        var counts = PostCounts();
        for (var at = 0; at < size.Topics + size.Messages; at++)
        {
            var isMessage = at >= size.Topics;
            // Discourse is busier every year.
            var begun = start + (now - start) * Math.Sqrt(random.NextDouble()) * 0.999;
            Topics.Add(new PlannedTopic
            {
                Id = 0,
                Title = prose.Title(at + 1),
                Category = isMessage ? null : categories[(int)(categories.Length * random.NextDouble() * random.NextDouble())],
                At = begun,
                Tags = isMessage ? [] : [.. Enumerable.Range(0, random.Next(4)).Select(_ => firstTag + (int)(size.Tags * random.NextDouble() * random.NextDouble())).Distinct()],
                People = isMessage ? [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => User()).Distinct()] : [],
                IsClosed = random.Next(50) == 0,
            });
        }

        // Ids follow time, as they do in a forum that grew.
        Topics = [.. Topics.OrderBy(topic => topic.At).Select((topic, index) => new PlannedTopic
        {
            Id = firstTopic + index, Title = topic.Title, Category = topic.Category, At = topic.At, Tags = topic.Tags, People = topic.People, IsClosed = topic.IsClosed,
        })];
        var (regular, message) = (0, 0);
        foreach (var topic in Topics)
        {
            Write(topic, topic.Category is null ? counts.Messages[message++] : counts.Topics[regular++], prose);
        }

        Posts = [.. Topics.SelectMany(topic => topic.Posts).OrderBy(post => post.At).ThenBy(post => post.Topic).ThenBy(post => post.Number)];
        for (var at = 0; at < Posts.Count; at++)
        {
            Posts[at].Id = firstPost + at;
        }

        Likes = PickLikes();
        Readings = PickReadings();
    }

    public int FirstUser { get; }

    public List<PlannedTopic> Topics { get; } = [];

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<PlannedPost> Posts { get; }

    public IReadOnlyList<(PlannedPost Post, int User, DateTime At)> Likes { get; }

    public IReadOnlyList<(PlannedPost Post, int User, int Milliseconds)> Readings { get; }

    /// <summary>A member; few write most.</summary>
    int User() => FirstUser + (int)(_size.Users * Math.Pow(_random.NextDouble(), 2.2));

    /// <summary>Most topics are short, some are very long; the sum is exact.</summary>
    (int[] Topics, int[] Messages) PostCounts()
    {
        var messages = Enumerable.Range(0, _size.Messages).Select(_ => _random.Next(2, 10)).ToArray();
        var left = _size.Posts - messages.Sum() - _size.Topics;
        if (left < 0)
        {
            throw new ArgumentException($"{_size.Posts} posts are too few for {_size.Topics} topics and {_size.Messages} messages");
        }

        var weights = Enumerable.Range(0, _size.Topics).Select(rank => 1 / Math.Pow(rank + 20, 0.75)).ToArray();
        _random.Shuffle(weights);
        var sum = weights.Sum();
        var topics = weights.Select(weight => 1 + (int)(left * weight / sum)).ToArray();
        for (var rest = _size.Posts - messages.Sum() - topics.Sum(); rest > 0; rest--)
        {
            topics[_random.Next(topics.Length)]++;
        }

        return (topics, messages);
    }

    void Write(PlannedTopic topic, int count, Prose prose)
    {
        var at = topic.At;
        var pace = (_now - at) / count * 0.9;
        for (var number = 1; number <= count; number++)
        {
            var replies = number > 2 && _random.Next(3) == 0;
            var post = new PlannedPost
            {
                Topic = topic.Id,
                Number = number,
                User = topic.People.Length > 0 ? topic.People[(number - 1) % topic.People.Length] : User(),
                At = at,
                ReplyTo = replies ? topic.Posts[_random.Next(Math.Max(0, topic.Posts.Count - 20), topic.Posts.Count)] : null,
                Text = [.. Enumerable.Range(0, number == 1 ? _random.Next(2, 5) : _random.Next(1, 4)).Select(_ => _random.Next(prose.All.Count))],
            };
            if (post.ReplyTo is { } answered)
            {
                answered.Replies++;
            }

            topic.Posts.Add(post);
            var step = TimeSpan.FromMinutes(1 + _random.Next(2_000));
            at += step < pace ? step : pace;
        }
    }

    List<(PlannedPost Post, int User, DateTime At)> PickLikes()
    {
        var seen = new HashSet<(int, int)>();
        var likes = new List<(PlannedPost, int, DateTime)>();
        var open = Posts.Where(post => Topics[post.Topic - Topics[0].Id].Category is not null).ToArray();
        while (likes.Count < _size.Likes)
        {
            var post = open[_random.Next(open.Length)];
            var user = User();
            if (user != post.User && seen.Add((post.Id, user)))
            {
                post.Likes++;
                likes.Add((post, user, post.At + (_now - post.At) * _random.NextDouble() * 0.1));
            }
        }

        return likes;
    }

    /// <summary>Every member has read the beginning of a few of the newest public topics.</summary>
    List<(PlannedPost Post, int User, int Milliseconds)> PickReadings()
    {
        var recent = Topics.Where(topic => topic.Category is not null).TakeLast(Math.Max(50, _size.Topics / 20)).ToArray();
        var readings = new List<(PlannedPost, int, int)>();
        for (var user = FirstUser; user < FirstUser + _size.Users; user++)
        {
            foreach (var topic in Enumerable.Range(0, 3).Select(_ => recent[_random.Next(recent.Length)]).ToArray().DistinctBy(topic => topic.Id))
            {
                foreach (var post in topic.Posts.Take(_random.Next(1, 10)))
                {
                    post.Reads++;
                    readings.Add((post, user, _random.Next(1_000, 60_000)));
                }
            }
        }

        return readings;
    }
}
