//! The tables as diesel sees them, the same for both engines.

diesel::table! {
    instance (lineage) {
        lineage -> Integer,
        id -> Text,
        environment -> Text,
        restored_from -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    permits (id) {
        id -> Text,
        purpose -> Text,
        instance -> Text,
        game_id -> Nullable<BigInt>,
        revision -> Nullable<BigInt>,
        issued_at -> BigInt,
        issued_by -> Text,
        open_in -> Nullable<Text>,
        used_at -> Nullable<BigInt>,
        used_by -> Nullable<Text>,
        done -> Nullable<Text>,
    }
}

diesel::table! {
    games (id) {
        id -> BigInt,
        slug -> Text,
        external_id -> Nullable<Text>,
        title -> Text,
        description -> Text,
        kind -> Text,
        direction -> Text,
        rule -> Text,
        ties -> Text,
        tie_break -> Text,
        tiebreak_direction -> Text,
        decimals -> Integer,
        unit -> Text,
        step -> BigInt,
        target -> Nullable<BigInt>,
        timezone -> Text,
        visibility -> Text,
        theme -> Text,
        state -> Text,
        trashed_at -> Nullable<BigInt>,
        season -> Integer,
        player_count -> BigInt,
        round_count -> BigInt,
        version -> BigInt,
        revision -> BigInt,
        journal_head -> Binary,
        created_at -> BigInt,
        updated_at -> BigInt,
        owner_id -> Nullable<BigInt>,
        title_folded -> Text,
    }
}

diesel::table! {
    players (game_id, id) {
        game_id -> BigInt,
        id -> BigInt,
        name -> Text,
        name_folded -> Text,
        external_id -> Nullable<Text>,
        team -> Nullable<Text>,
        colour -> Nullable<Text>,
        avatar -> Nullable<Text>,
        position -> Nullable<Integer>,
        trashed_at -> Nullable<BigInt>,
        version -> BigInt,
        total -> Nullable<BigInt>,
        tiebreak -> Nullable<BigInt>,
        total_sum -> BigInt,
        tiebreak_sum -> BigInt,
        tiebreak_entries -> BigInt,
        entries -> BigInt,
        reached_at -> Nullable<BigInt>,
        reached_revision -> BigInt,
        reached_item -> BigInt,
        scored_revision -> BigInt,
        standing -> Integer,
        sort_total -> BigInt,
        sort_tiebreak -> BigInt,
        sort_reached -> BigInt,
        sort_item -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    rounds (game_id, id) {
        game_id -> BigInt,
        id -> BigInt,
        number -> BigInt,
        external_id -> Nullable<Text>,
        label -> Text,
        comment -> Text,
        state -> Text,
        trashed_at -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    links (game_id, id) {
        game_id -> BigInt,
        id -> BigInt,
        role -> Text,
        name -> Text,
        token_hash -> Binary,
        salt -> Binary,
        created_at -> BigInt,
        version -> BigInt,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
        join_mode -> Nullable<Text>,
        join_scores -> Nullable<Bool>,
        parent -> Nullable<BigInt>,
        player_id -> Nullable<BigInt>,
        colour -> Nullable<Text>,
        client_id -> Nullable<Binary>,
    }
}

diesel::table! {
    scores (game_id, id) {
        game_id -> BigInt,
        id -> BigInt,
        player_id -> BigInt,
        round_id -> Nullable<BigInt>,
        revision -> BigInt,
        item -> BigInt,
        client_id -> Nullable<Binary>,
        op -> Text,
        value -> BigInt,
        scale -> Integer,
        tiebreak -> Nullable<BigInt>,
        tiebreak_scale -> Nullable<Integer>,
        actor_role -> Text,
        actor_id -> Nullable<BigInt>,
        recorded_at -> BigInt,
        note -> Nullable<Text>,
        occurred_at -> Nullable<BigInt>,
        amended_at -> Nullable<BigInt>,
        value_now -> Nullable<BigInt>,
        scale_now -> Nullable<Integer>,
        tiebreak_now -> Nullable<BigInt>,
        tiebreak_scale_now -> Nullable<Integer>,
        voided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    journal (game_id, revision, item) {
        game_id -> BigInt,
        revision -> BigInt,
        item -> BigInt,
        at -> BigInt,
        actor_role -> Text,
        actor_id -> Nullable<BigInt>,
        action -> Text,
        entity -> BigInt,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
        player_id -> Nullable<BigInt>,
        total_after -> Nullable<BigInt>,
        scale_after -> Nullable<Integer>,
        rank_after -> Nullable<BigInt>,
        digest -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    orders (id) {
        id -> BigInt,
        number -> Text,
        game_id -> Nullable<BigInt>,
        state -> Text,
        product -> Text,
        quantity -> Integer,
        currency -> Text,
        unit_minor -> BigInt,
        tax_minor -> BigInt,
        note -> Nullable<Text>,
        billing_name -> Nullable<Text>,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        user_id -> Nullable<BigInt>,
        grants -> Text,
        grant_days -> Nullable<BigInt>,
        grant_scope -> Text,
        provider -> Nullable<Text>,
        reference -> Nullable<Text>,
        paid_minor -> BigInt,
        refunded_minor -> BigInt,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    order_events (order_id, version) {
        order_id -> BigInt,
        version -> BigInt,
        at -> BigInt,
        actor_role -> Text,
        actor_id -> Nullable<BigInt>,
        action -> Text,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
    }
}

diesel::table! {
    entitlements (order_id) {
        order_id -> BigInt,
        game_id -> Nullable<BigInt>,
        user_id -> Nullable<BigInt>,
        scope -> Text,
        product -> Text,
        grants -> Text,
        valid_from -> BigInt,
        valid_until -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    logos (game_id, revision) {
        game_id -> BigInt,
        revision -> BigInt,
        digest -> Nullable<Binary>,
        media_type -> Nullable<Text>,
        image -> Nullable<Binary>,
    }
}

diesel::table! {
    idempotency_keys (scope) {
        scope -> Binary,
        body -> Binary,
        answer -> Nullable<Text>,
        expires_at -> BigInt,
    }
}

diesel::table! {
    spent_tickets (id) {
        id -> Binary,
        expires_at -> BigInt,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt,
        email -> Nullable<Text>,
        email_folded -> Nullable<Text>,
        display_name -> Text,
        password_hash -> Nullable<Text>,
        verified_at -> Nullable<BigInt>,
        operator_since -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    user_events (user_id, version) {
        user_id -> BigInt,
        version -> BigInt,
        at -> BigInt,
        actor_role -> Text,
        actor_id -> Nullable<BigInt>,
        action -> Text,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        user_id -> BigInt,
        generation -> BigInt,
        salt -> Binary,
        agent -> Text,
        rotated_at -> BigInt,
        rotated_before_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        expires_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    mails (id) {
        id -> BigInt,
        kind -> Text,
        user_id -> Nullable<BigInt>,
        game_id -> Nullable<BigInt>,
        link_id -> Nullable<BigInt>,
        address -> Text,
        attempts -> BigInt,
        due_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    nodes (number) {
        number -> BigInt,
        holder -> Binary,
        expires_at -> BigInt,
    }
}

diesel::table! {
    maintenance (number) {
        number -> BigInt,
        mode -> Text,
        reason -> Nullable<Text>,
        at -> BigInt,
    }
}

diesel::table! {
    rehearsals (number) {
        number -> BigInt,
        points -> Text,
        wrong -> Nullable<Text>,
        at -> BigInt,
    }
}

diesel::joinable!(sessions -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    games,
    players,
    rounds,
    links,
    scores,
    journal,
    orders,
    order_events,
    entitlements,
    logos,
    users,
    sessions
);
