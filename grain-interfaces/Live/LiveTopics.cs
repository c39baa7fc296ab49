using SchoolHome.ContactBook;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Live;

/// <summary>Which actor is behind a topic: the one place that knows.</summary>
public static class LiveTopics
{
    /// <summary>The actor of a topic; null when there is no such topic.</summary>
    public static ILiveTopicGrain? Of(IGrainFactory actors, string? topic)
    {
        ArgumentNullException.ThrowIfNull(actors);
        return (ILiveTopicGrain?)Document(actors, topic)
            ?? (ClassDayId.TryParse(topic, out _) ? actors.GetGrain<IClassDayGrain>(topic)
                : SheetDraftId.TryParse(topic, out _) ? actors.GetGrain<ISheetDraftGrain>(topic)
                : ClassId.TryParse(topic, out _) ? actors.GetGrain<IClassGrain>(topic)
                : ImportId.TryParse(topic, out _) ? actors.GetGrain<IImportGrain>(topic)
                : AccountId.TryParse(topic, out _) ? actors.GetGrain<IAccountGrain>(topic)
                : null);
    }

    /// <summary>The actor of a topic that has text; null when there is no such topic, or it has none.</summary>
    public static CoEditing.ITextDocumentGrain? Document(IGrainFactory actors, string? topic)
    {
        ArgumentNullException.ThrowIfNull(actors);
        return BookPageId.TryParse(topic, out _) ? actors.GetGrain<IBookPageGrain>(topic)
            : ClassSheetId.TryParse(topic, out _) ? actors.GetGrain<IClassSheetGrain>(topic)
            : null;
    }
}
