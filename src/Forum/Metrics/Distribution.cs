namespace Forum.Metrics;

/// <summary>Durations: a histogram since the start, and quantiles over the last two to four minutes.</summary>
sealed class Distribution(double[] buckets, TimeProvider time)
{
    const int MostSamples = 1000;
    static readonly TimeSpan Window = TimeSpan.FromSeconds(120);

    /// <summary>Upper ends in seconds, as upstream has them.</summary>
    public static readonly double[] Requests = [0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1, 2, 4, 8, 16, 30];

    public static readonly double[] Queue = [0, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    public static readonly double[] Quantiles = [0.99, 0.9, 0.5, 0.1, 0.01];

    readonly Lock _lock = new();
    readonly long[] _counts = new long[buckets.Length];
    readonly List<double> _samples = [];
    List<double> _before = [];
    long _windowStart = time.GetTimestamp();
    long _count;
    double _sum;
    int _seen;

    public void Add(double seconds)
    {
        lock (_lock)
        {
            _count++;
            _sum += seconds;
            for (var i = 0; i < buckets.Length; i++)
            {
                if (seconds <= buckets[i])
                {
                    _counts[i]++;
                }
            }

            if (time.GetElapsedTime(_windowStart) > Window)
            {
                _before = [.. _samples];
                _samples.Clear();
                _seen = 0;
                _windowStart = time.GetTimestamp();
            }

            // A sample of all that come: each has the same chance to be kept.
            _seen++;
            if (_samples.Count < MostSamples)
            {
                _samples.Add(seconds);
            }
            else if (Random.Shared.Next(_seen) is var place && place < MostSamples)
            {
                _samples[place] = seconds;
            }
        }
    }

    public void WriteHistogram(Exposition text, string name, string labels)
    {
        lock (_lock)
        {
            var prefix = labels.Length > 0 ? labels + "," : "";
            for (var i = 0; i < buckets.Length; i++)
            {
                text.Sample(name + "_bucket", $"{prefix}le=\"{Exposition.Number(buckets[i])}\"", _counts[i]);
            }

            text.Sample(name + "_bucket", prefix + "le=\"+Inf\"", _count);
            text.Sample(name + "_count", labels, _count);
            text.Sample(name + "_sum", labels, _sum);
        }
    }

    public void WriteSummary(Exposition text, string name, string labels)
    {
        lock (_lock)
        {
            var prefix = labels.Length > 0 ? labels + "," : "";
            List<double> sorted = [.. _before, .. _samples];
            sorted.Sort();
            foreach (var quantile in Quantiles)
            {
                if (sorted.Count > 0)
                {
                    text.Sample(name, $"{prefix}quantile=\"{Exposition.Number(quantile)}\"", sorted[(int)Math.Min(sorted.Count - 1, Math.Floor(quantile * sorted.Count))]);
                }
            }

            text.Sample(name + "_sum", labels, _sum);
            text.Sample(name + "_count", labels, _count);
        }
    }
}
