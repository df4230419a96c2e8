using EdgeGateway.Broker.Journal;
using EdgeGateway.Identity;
using EdgeGateway.Messaging;
using EdgeGateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Broker;

/// <summary>Takes a message to everybody who subscribes to its topic: sessions, shared groups, parts of the gateway, the retained store.</summary>
public sealed partial class Router
{
    private readonly IAuthorizer _authorizer;
    private readonly TimeProvider _time;
    private readonly ILogger<Router> _log;
    private long _waitingBytes;

    internal Router(BrokerOptions options, IAuthorizer authorizer, TimeProvider time, ILogger<Router> log)
    {
        _authorizer = authorizer;
        _time = time;
        _log = log;
        Retained = new(options.MaxRetained);
        Index = new(options);
        Gate = new(Metrics);
    }

    public BrokerMetrics Metrics { get; } = new();
    internal SubscriptionIndex Index { get; }
    internal RetainedStore Retained { get; }
    internal DurabilityGate Gate { get; }
    internal IBrokerJournal? Journal { get; set; }
    internal SessionRegistry? Sessions { get; set; }

    /// <summary>Unix time in milliseconds.</summary>
    internal long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Payload bytes in memory that wait for all sessions together.</summary>
    internal long WaitingBytes => Interlocked.Read(ref _waitingBytes);

    internal void AddWaiting(int bytes) => Interlocked.Add(ref _waitingBytes, bytes);

    internal Route RouteOf(ReadOnlySpan<byte> topic) => Index.RouteOf(topic, _authorizer.Epoch);

    /// <summary>Whether a route that the caller kept still holds.</summary>
    internal bool IsCurrent(Route route) => Index.IsCurrent(route, _authorizer.Epoch);

    /// <summary>Routes one message.</summary>
    /// <param name="view">Borrowed for the call; its topic is a valid topic name and permitted.</param>
    /// <param name="publisher">Null: it comes from inside.</param>
    /// <remarks>Hot path: 0 bytes allocated at QoS 0 to topics seen before, held by budgets.json.</remarks>
    internal RouteResult Route(in MessageView view, Session? publisher, DeliveryBurst burst) => Route(view, RouteOf(view.Topic), publisher, burst);

    /// <inheritdoc cref="Route(in MessageView, Session?, DeliveryBurst)"/>
    /// <param name="route">Of the view's topic, current a moment ago.</param>
    internal RouteResult Route(in MessageView view, Route route, Session? publisher, DeliveryBurst burst)
    {
        var result = new RouteResult();
        burst.MessagesIn++;
        burst.BytesIn += view.Payload.Length;
        burst.Durability = route.Durability;
        if (route.Durability == Durability.Memory)
            burst.Exchange = default; // nothing of it is in the log
        MessageBuffer? shared = null;
        if (view.Retain)
        {
            SetRetained(view, ref shared, ref result, burst);
            // Who subscribed since the route was taken may have looked for retained messages before this one was there.
            if (!IsCurrent(route))
                route = RouteOf(view.Topic);
        }
        foreach (var target in route.Targets)
        {
            if ((target.NoLocal && target.Session == publisher) || (view.OnlyTo is { } only && target.Session.ClientId != only))
                continue;
            var qos = view.QualityOfService < target.QualityOfService ? view.QualityOfService : target.QualityOfService;
            var delivery = new Delivery(qos, view.Retain && target.RetainAsPublished, target.SubscriptionIdentifiers, Group: null);
            if (target.Session.Deliver(view, ref shared, delivery, this, burst))
                result.Receivers++;
        }
        if (view.OnlyTo is { } asking)
        {
            if (result.Receivers == 0 && Sessions?.Find(asking) is { IsConnected: true } session && session.Deliver(view, ref shared, new(view.QualityOfService, false, null, Group: null), this, burst))
                result.Receivers++;
            shared?.Release();
            return result;
        }
        foreach (var group in route.Groups)
            if (group.Deliver(view, ref shared, this, burst))
                result.Receivers++;
        foreach (var sink in route.Sinks)
        {
            result.Receivers++;
            Hand(sink, view, ref result);
        }
        if (burst.Exchange != default)
            CompleteExchange(publisher!, shared, burst);
        shared?.Release();
        result.IsRefused = !burst.TakeTicket(Journal?.Log, ref result.Tickets);
        (result.IsReceiverFull, burst.IsReceiverFull) = (burst.IsReceiverFull, false);
        return result;
    }

    /// <summary>When the message expires (Unix milliseconds) and where in its properties that stands.</summary>
    internal long ExpiryOf(in MessageView view, out int offset)
    {
        offset = view.Properties.IsEmpty ? -1 : PropertyRules.FindExpiry(view.Properties);
        return offset < 0
            ? long.MaxValue
            : view.ReceivedAt + (System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(view.Properties[offset..]) * 1000L);
    }

    internal MessageBuffer Copy(in MessageView view, DeliveryBurst? burst = null)
    {
        var expiresAt = ExpiryOf(view, out var offset);
        var copy = MessageBuffer.Copy(view, offset, expiresAt);
        copy.Exchange = burst?.Exchange ?? default;
        copy.Durability = burst?.Durability ?? Durability.Sync;
        return copy;
    }

    // Behind all records of the message, so that the log has either the whole exchange or takes it back.
    private void CompleteExchange(Session publisher, MessageBuffer? message, DeliveryBurst burst)
    {
        var position = Journal!.Received(publisher, burst.Exchange.PacketIdentifier, message?.Number ?? 0);
        burst.Note(position, burst.Durability);
        message?.Exchange = default;
        burst.CompleteExchange(position, Journal.Log, Gate);
    }

    /// <summary>The stored form of a message that the log had.</summary>
    internal MessageBuffer CopyOf(MessageImage image)
    {
        var copy = Copy(image.View);
        copy.Number = image.Number;
        copy.LogPosition = Math.Max(1, image.Position);
        return copy;
    }

    private void SetRetained(in MessageView view, ref MessageBuffer? shared, ref RouteResult result, DeliveryBurst burst)
    {
        var copy = shared;
        if (copy is null && !view.Payload.IsEmpty)
            copy = Copy(view, burst);
        result.RetainRefused = !Retained.Set(view, copy, burst);
        shared = copy;
    }

    private void Hand(IMessageSink sink, in MessageView view, ref RouteResult result)
    {
        try
        {
            result.Tickets.Add(sink.OnMessage(view));
        }
#pragma warning disable CA1031 // A faulty part of the gateway must not cost the publisher its connection; it is logged as the defect it is.
        catch (Exception ex)
#pragma warning restore CA1031
        {
            LogSinkFailed(ex, sink.GetType().Name, view.TopicString);
        }
    }

    [LoggerMessage(2001, LogLevel.Error, "{Sink} failed on a message to {Topic}")]
    private partial void LogSinkFailed(Exception exception, string sink, string topic);
}
