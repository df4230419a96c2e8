using System.Globalization;
using System.Text.RegularExpressions;
using EdgeGateway.Sync.State;
using Xunit;

namespace EdgeGateway.Tests.Sync.State;

/// <summary>
/// Random edits and deletes on both sides, also between two steps of the synchronisation, with requests and answers lost and the gateway killed
/// before or after any step. However it went: once it is quiet both sides are alike, and every value anybody was told is accepted
/// is there, was written over, or is in the journal (docs/sync.md).
/// </summary>
public sealed partial class SyncModelTests
{
    private const int Lives = 1_000;

    [Fact]
    public async Task AnyHistory_ComesOutAlike_AndLosesNothingSilently()
    {
        for (var seed = 1; seed <= Lives; seed++)
            await new Life(seed).RunAsync();
    }

    [GeneratedRegex("[1-9][0-9]{3,}")]
    private static partial Regex Values();

    private sealed class Life
    {
        private static readonly string[] Paths = ["desired/a", "desired/o/x", "desired/o/y", "reported/a", "reported/o/x", "reported/o/y", "desired/o", "reported/o"];
        private readonly int _seed;
        private readonly Random _random;
        private readonly SyncModel _model;
        private readonly MergePolicy _policy;
        private readonly List<(bool IsHere, string Path, int Value)> _writes = [];
        private readonly HashSet<int> _shared = [];
        private readonly List<string> _log = [];
        private int _next = 1000;
        private bool _isQuiet;

        public Life(int seed)
        {
            (_seed, _random) = (seed, new(seed));
            _policy = new() { Desired = (MergeRule)_random.Next(3), Reported = (MergeRule)_random.Next(3) };
            _model = new(Cut);
            _model.Between = step =>
            {
                if (!_isQuiet && _random.Next(5) == 0)
                    Edit(isHere: step.StartsWith("local", StringComparison.Ordinal));
            };
        }

        private UpstreamLostException? Cut(string step, bool after)
        {
            var isCut = !_isQuiet && _random.Next(12) == 0;
            if (after || isCut)
                _log.Add($"{step}{(isCut ? after ? ", answer lost" : " lost" : "")}: {_model.Here.Document} | {_model.There.Document}");
            return isCut ? new UpstreamLostException("cut") : null;
        }

        public async Task RunAsync()
        {
            for (var round = 0; round < 8; round++)
            {
                for (var edit = _random.Next(4); edit > 0; edit--)
                    Edit(_random.Next(2) == 0);
                await AttemptAsync(trustsBase: _random.Next(2) == 0);
            }
            _isQuiet = true;
            for (var attempt = 0; !await AttemptAsync(trustsBase: false); attempt++)
                Assert.True(attempt < 10, $"seed {_seed}: no end");
            Check();
        }

        private async Task<bool> AttemptAsync(bool trustsBase)
        {
            try
            {
                _log.Add($"attempt{(trustsBase ? ", trusting" : "")} with {_model.Memory.Record}");
                return await _model.Reconciler(_policy).TryReconcileAsync(SyncModel.Lamp, SyncDirection.Both, trustsBase, default);
            }
            catch (UpstreamLostException)
            {
                return false;                                                        // the connection, or the whole process: what was in memory is gone
            }
            finally
            {
                Note();
            }
        }

        /// <summary>What has reached the other side is lost no more: whoever writes over it there has seen it.</summary>
        private void Note() => _shared.UnionWith(ValuesIn(_model.Here.State?.ToString()).Intersect(ValuesIn(_model.There.State?.ToString())));

        private void Edit(bool isHere)
        {
            Note();
            var side = isHere ? _model.Here : _model.There;
            switch (_random.Next(12))
            {
                case 0 when side.Delete():
                    _writes.Add((isHere, "", 0));
                    _log.Add($"{(isHere ? "here" : "there")} deleted");
                    break;
                case 1:
                    var section = _random.Next(2) == 0 ? "desired" : "reported";
                    Write(side, isHere, section, $$$"""{"{{{section}}}":null}""", 0);
                    break;
                case 2 or 3:
                    var gone = Paths[_random.Next(Paths.Length)];
                    Write(side, isHere, gone, Nested(gone, "null"), 0);
                    break;
                default:
                    var path = Paths[_random.Next(Paths.Length)];
                    var value = _next++;
                    Write(side, isHere, path, Nested(path, value.ToString(CultureInfo.InvariantCulture)), value);
                    break;
            }
        }

        private void Write(SyncModel.Side side, bool isHere, string path, string state, int value)
        {
            Assert.True(side.Write($"{{\"state\":{state}}}"));
            _writes.Add((isHere, path, value));
            _log.Add($"{(isHere ? "here" : "there")} wrote {state}");
        }

        private static string Nested(string path, string value) =>
            path.Split('/').Reverse().Aggregate(value, static (inner, name) => $"{{\"{name}\":{inner}}}");

        private void Check()
        {
            var (here, there) = (_model.Here.State, _model.There.State);
            var context = $"seed {_seed}: here {_model.Here.Document}, there {_model.There.Document}, base {_model.Memory.Record?.Base}\n  {string.Join("\n  ", _log)}\n";
            Assert.True(here is null == there is null && (here is null || SectionStates.Equal(here, there!)), context);
            if (_model.Memory.Record is { } record)
            {
                Assert.True(here is null == record.Base is null && (here is null || SectionStates.Equal(here, record.Base!)), context);
                Assert.True(record.LocalVersion == (here is null ? 0 : _model.Here.Document.Version), $"{context}, {record}");
            }
            var kept = ValuesIn(here?.ToString()).ToHashSet();
            var lost = _model.Memory.Journal.SelectMany(static entry => ValuesIn(entry.Lost)).ToHashSet();
            for (var i = 0; i < _writes.Count; i++)
            {
                var (isHere, path, value) = _writes[i];
                if (value == 0 || kept.Contains(value) || lost.Contains(value) || _shared.Contains(value))
                    continue;
                Assert.True(_writes.Skip(i + 1).Any(later => later.IsHere == isHere && Touches(later.Path, path)), $"{context}: {value} at {path} {(isHere ? "here" : "there")} is lost");
            }
        }

        private static bool Touches(string one, string other) =>
            one == other || one.Length == 0 || one.StartsWith(other + "/", StringComparison.Ordinal) || other.StartsWith(one + "/", StringComparison.Ordinal);

        private static IEnumerable<int> ValuesIn(string? json) => json is null ? [] : Values().Matches(json).Select(static match => int.Parse(match.Value, CultureInfo.InvariantCulture));
    }
}
