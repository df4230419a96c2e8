using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace EdgeGateway.Tests.Support;

/// <summary>Runs a test over and over with generators of known seeds, for <c>EDGEGATEWAY_FUZZ_SECONDS</c> or one second; a failure names its seed.</summary>
internal static class Fuzz
{
    public static async Task RunAsync(Func<Random, Task> once)
    {
        var seconds = double.TryParse(Environment.GetEnvironmentVariable("EDGEGATEWAY_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var asked) ? asked : 1;
        var began = Stopwatch.GetTimestamp();
        for (var seed = 1; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; seed++)
        {
            try
            {
                await once(new Random(seed));
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}: {fault.GetType().Name}: {fault.Message}", fault);
            }
        }
    }

    public static Task Run(Action<Random> once) => RunAsync(random =>
    {
        once(random);
        return Task.CompletedTask;
    });

    /// <summary>Some bytes changed, left out, doubled or put in.</summary>
    public static byte[] Mutate(Random random, ReadOnlySpan<byte> bytes)
    {
        var mutated = new List<byte>([.. bytes]);
        for (var changes = random.Next(1, 6); changes > 0 && mutated.Count > 0; changes--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(5))
            {
                case 0:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    mutated.RemoveRange(at, Math.Min(random.Next(1, 20), mutated.Count - at));
                    break;
                case 3:
                    mutated.InsertRange(at, mutated.GetRange(at, Math.Min(random.Next(1, 40), mutated.Count - at)));
                    break;
                default:
                    mutated.Insert(at, (byte)random.Next(256));
                    break;
            }
        }
        return [.. mutated];
    }

    /// <summary>Text with pieces of it exchanged for <paramref name="pieces"/>, or changed by single bytes.</summary>
    public static string Mutate(Random random, string text, ReadOnlySpan<string> pieces)
    {
        if (random.Next(3) == 0)
            return Encoding.UTF8.GetString(Mutate(random, Encoding.UTF8.GetBytes(text)));
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(text.Length + 1);
            var cut = random.Next(3) == 0 ? 0 : Math.Min(random.Next(1, 30), text.Length - at);
            text = string.Concat(text.AsSpan(0, at), pieces[random.Next(pieces.Length)], text.AsSpan(at + cut));
        }
        return text;
    }
}
